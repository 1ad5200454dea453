/*
 * What the raw programs share: rows like those of one order that parry stored.
 *
 * The row of the template is written again and again, column by column, except that the digits that
 * --mark-… names become new ones of the same width, ids become new ids, and times become now. So
 * the rows have the shapes and sizes that parry gives them, whatever the schema is.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { COLUMNS_MAX = 64, MARKS_MAX = 16, ID_DIGITS = 22 };

enum kind { NUMBER, AMOUNT, LAST_4, CODE, ARN, ID, KINDS };
static const char *const kind_names[KINDS] = {"number", "amount", "last-4", "code", "arn", "id"};

/* What stands in the template for each kind of value. */
static char *marks[KINDS];

enum type { NOTHING, INTEGER, TEXT };

struct column {
    char name[64];
    enum type type;
    int64_t integer;
    char *text;
    int length;
    int mark_count;
    struct {
        int offset;
        enum kind kind;
    } places[MARKS_MAX];
};

struct table {
    const char *name;
    int count;
    struct column columns[COLUMNS_MAX];
    char *arena; /* the texts of a whole batch */
    int row_bytes;
};

/* The new values of one order. */
struct values {
    char text[KINDS][64];
    int64_t amount;
    int64_t now;
};

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "orders: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(1);
}

static void *allocate(size_t bytes) {
    void *memory = calloc(1, bytes);
    if (!memory) die("no memory");
    return memory;
}

static double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int64_t milliseconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static uint64_t random_state;

static uint64_t random_bits(void) { /* splitmix64 */
    uint64_t bits = random_state += 0x9E3779B97F4A7C15u;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* The slot inside an id: 128 bits are 48 of milliseconds, 12 of slot, 68 of chance. */
static int slot_of(const char *digits) {
    unsigned __int128 bits = 0;
    for (int index = 0; index < ID_DIGITS; index++) {
        const char *place = strchr(alphabet, digits[index]);
        if (!place || !*place) die("the template's order id is not base58");
        bits = bits * 58 + (unsigned)(place - alphabet);
    }
    return (int)(bits >> 68) & 0xFFF;
}

static int template_slot(void) { return slot_of(strchr(marks[ID], '_') + 1); }

static void make_id(char *text, int64_t milliseconds, int slot) {
    uint64_t high = (uint64_t)milliseconds << 16 | (uint64_t)slot << 4 | (random_bits() & 0xF);
    unsigned __int128 bits = (unsigned __int128)high << 64 | random_bits();
    const char *start = strchr(marks[ID], '_') + 1;
    size_t prefix = (size_t)(start - marks[ID]);
    memcpy(text, marks[ID], prefix);
    for (int index = ID_DIGITS - 1; index >= 0; index--) {
        text[prefix + (size_t)index] = alphabet[(int)(bits % 58)];
        bits /= 58;
    }
    text[prefix + ID_DIGITS] = 0;
}

static void find_marks(struct table *table) {
    for (int index = 0; index < table->count; index++) {
        struct column *column = &table->columns[index];
        for (int offset = 0; offset < column->length; offset++) {
            for (int kind = 0; kind < KINDS; kind++) {
                size_t width = strlen(marks[kind]);
                if (strncmp(column->text + offset, marks[kind], width) != 0) continue;
                if (column->mark_count == MARKS_MAX) die("too many marks in %s", column->name);
                column->places[column->mark_count].offset = offset;
                column->places[column->mark_count++].kind = (enum kind)kind;
                offset += (int)width - 1;
                break;
            }
        }
    }
}

/* Adds a column of the template's row; `text` is NULL for anything but a text. */
static void add_column(struct table *table, const char *name, enum type type, const char *text,
                       int64_t integer) {
    if (table->count == COLUMNS_MAX) die("%s has too many columns", table->name);
    struct column *column = &table->columns[table->count++];
    snprintf(column->name, sizeof column->name, "%s", name);
    column->type = type;
    column->integer = integer;
    if (type != TEXT) return;
    column->text = strdup(text);
    column->length = (int)strlen(text);
    table->row_bytes += column->length;
    if (!marks[ID] && strcmp(name, "id") == 0) marks[ID] = strdup(text);
}

/* A comma between each two names. */
static void list_columns(const struct table *table, char *text, size_t bytes) {
    size_t used = 0;
    for (int index = 0; index < table->count; index++) {
        const char *comma = index ? ", " : "";
        used += (size_t)snprintf(text + used, bytes - used, "%s%s", comma,
                                 table->columns[index].name);
    }
}

static void make_values(struct values *values, int64_t number, int64_t now, int slot) {
    uint64_t bits = random_bits();
    values->now = now;
    values->amount = 1000 + (int64_t)(bits % 9000);
    snprintf(values->text[NUMBER], 64, "%0*lld", (int)strlen(marks[NUMBER]), (long long)number);
    snprintf(values->text[AMOUNT], 64, "%04d", (int)values->amount);
    snprintf(values->text[LAST_4], 64, "%04d", (int)(random_bits() % 10000));
    snprintf(values->text[CODE], 64, "%06d", (int)(random_bits() % 1000000));
    snprintf(values->text[ARN], 64, "7%011llu%011llu",
             (unsigned long long)(random_bits() % 100000000000u),
             (unsigned long long)(random_bits() % 100000000000u));
    make_id(values->text[ID], now, slot);
}

/* Writes the texts of a row into its part of the arena. */
static void make_texts(struct table *table, int row, const struct values *values) {
    char *text = table->arena + (size_t)row * (size_t)table->row_bytes;
    for (int index = 0; index < table->count; index++) {
        const struct column *column = &table->columns[index];
        memcpy(text, column->text, (size_t)column->length);
        for (int place = 0; place < column->mark_count; place++) {
            enum kind kind = column->places[place].kind;
            memcpy(text + column->places[place].offset, values->text[kind], strlen(marks[kind]));
        }
        text += column->length;
    }
}

static int64_t integer_of(const struct column *column, const struct values *values) {
    if (strcmp(column->name, "created_at") == 0 || strcmp(column->name, "updated_at") == 0)
        return values->now;
    return strcmp(column->name, "amount") == 0 ? values->amount : column->integer;
}

static const char *option(int count, char **words, const char *name, const char *otherwise) {
    for (int index = 1; index + 1 < count; index += 2)
        if (strcmp(words[index], name) == 0) return words[index + 1];
    if (!otherwise) die("%s is missing", name);
    return otherwise;
}

static int64_t number_option(int count, char **words, const char *name, const char *otherwise) {
    const char *text = option(count, words, name, otherwise);
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || *end || end == text) die("%s must be a number", name);
    return number;
}

/* Before the template is read. */
static void read_marks(int count, char **words) {
    for (int kind = 0; kind < ID; kind++) {
        char name[40];
        snprintf(name, sizeof name, "--mark-%s", kind_names[kind]);
        marks[kind] = strdup(option(count, words, name, NULL));
    }
    if (getrandom(&random_state, sizeof random_state, 0) < 0) die("no random numbers");
}
