/* A program that links nothing of the library, to subtract from the others. */
#include "proxy_auth.h"

int main(int argc, char **argv)
{
    (void)argv;
    return argc == (int)PA_ABI_VERSION;
}
