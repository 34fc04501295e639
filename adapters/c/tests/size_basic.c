/* A program that only checks Basic, to measure what of the library it links. */
#include "proxy_auth.h"

int main(int argc, char **argv)
{
    pa_account account = { PA_STR("aladdin"), PA_PASSWORDS, PA_STR("open sesame"), NULL, 0 };
    return argc == 2 && pa_basic_verify(pa_str(argv[1]), &account) == PA_OK ? 0 : 1;
}
