/* Reads each case of the corpus, strictly and leniently, from memory of exactly its length. */
#include "check.h"
#include "corpus_table.h"

static char *tree;
static size_t tree_len, tree_size;

static void put(char kind, const char *bytes, size_t len)
{
    char head[32];
    size_t head_len = (size_t)sprintf(head, "%c%lu:", kind, (unsigned long)len);
    CHECK(tree_len + head_len + len <= tree_size);
    memcpy(tree + tree_len, head, head_len);
    if (len > 0)
        memcpy(tree + tree_len + head_len, bytes, len);
    tree_len += head_len + len;
}

/* Returns the last status of reading: PA_END or PA_SYNTAX. */
static pa_status read_value(uint32_t field, uint32_t mode, const char *value, size_t len)
{
    pa_reader reader;
    pa_item item;
    pa_param param;
    pa_status status;
    pa_string all;
    char *memory = malloc(len + 1);
    int syntax = 0;
    all.ptr = value;
    all.len = len;
    CHECK(memory != NULL);
    CHECK_STATUS(PA_OK, pa_reader_init(&reader, field, mode, all));
    tree_len = 0;
    for (;;) {
        status = pa_reader_next(&reader, &item);
        if (status == PA_SYNTAX) {
            char text[128];
            pa_buffer buffer = pa_buf(text, sizeof text);
            size_t offset = len + 1;
            CHECK_STATUS(PA_OK, pa_reader_text(&reader, &buffer, &offset));
            CHECK(offset <= len && buffer.len == strlen(text) && buffer.len > 0);
            syntax = 1;
            continue;
        }
        if (status != PA_OK)
            break;
        put('s', item.scheme.ptr, item.scheme.len);
        if (item.token68.ptr != NULL)
            put('t', item.token68.ptr, item.token68.len);
        while ((status = pa_reader_param(&reader, &param)) == PA_OK) {
            pa_buffer buffer = pa_buf(memory, len + 1);
            CHECK(param.offset <= len);
            CHECK_STATUS(PA_OK, pa_reader_value(&reader, &buffer));
            CHECK(buffer.len <= len && buffer.len == strlen(memory));
            put('n', param.name.ptr, param.name.len);
            put('v', memory, buffer.len);
        }
        CHECK_STATUS(PA_END, status);
    }
    CHECK_STATUS(PA_END, status);
    free(memory);
    return syntax ? PA_SYNTAX : PA_END;
}

int main(void)
{
    size_t i, count = sizeof cases / sizeof cases[0];
    for (i = 0; i < count; i++) {
        char *value = malloc(cases[i].raw_len + (cases[i].raw_len == 0));
        CHECK(value != NULL);
        memcpy(value, cases[i].raw, cases[i].raw_len);
        tree_size = cases[i].raw_len * 16 + 64;
        tree = malloc(tree_size);
        CHECK(tree != NULL);
        if (cases[i].tree == NULL) {
            CHECK_STATUS(PA_SYNTAX, read_value(cases[i].field, PA_STRICT, value, cases[i].raw_len));
        } else {
            CHECK_STATUS(PA_END, read_value(cases[i].field, PA_STRICT, value, cases[i].raw_len));
            if (tree_len != cases[i].tree_len || memcmp(tree, cases[i].tree, tree_len) != 0) {
                fprintf(stderr, "%s: another tree\n", cases[i].id);
                abort();
            }
        }
        (void)read_value(cases[i].field, PA_LENIENT, value, cases[i].raw_len);
        free(tree);
        free(value);
    }
    CHECK(count > 200);
    printf("corpus: %lu cases, ok\n", (unsigned long)count);
    return 0;
}
