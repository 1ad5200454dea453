/*
 * The raw limit of storing orders: what SQLite's C interface inserts into the tables and indexes of
 * a database that parry migrated, with nothing around it.
 *
 *   orders --database FILE --template FILE --orders N --first NUMBER [options]
 *
 * The template is another such database that holds one order, which parry stored, with one
 * transaction. Its rows are inserted again and again, column by column, except that the digits that
 * --mark-… names become new ones of the same width, ids become new ids, and times become now. So
 * the rows have the shapes and sizes that parry gives them, whatever the schema is.
 *
 * Prints one line of JSON. Making the rows is not timed: seconds are those of BEGIN to COMMIT.
 */
#include <errno.h>
#include <sqlite3.h>
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

struct column {
    char name[64];
    int type; /* SQLITE_INTEGER, SQLITE_TEXT or SQLITE_NULL */
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
    sqlite3_stmt *insert;
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

static void check(int code, sqlite3 *database, const char *what) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        die("%s: %s", what, sqlite3_errmsg(database));
}

static void run(sqlite3 *database, const char *sql) {
    check(sqlite3_exec(database, sql, NULL, NULL, NULL), database, sql);
}

/* Asks for a setting and insists on the answer. */
static void must_be(sqlite3 *database, const char *pragma, const char *wanted) {
    sqlite3_stmt *statement;
    char sql[100];
    snprintf(sql, sizeof sql, "PRAGMA %s", pragma);
    check(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), database, sql);
    check(sqlite3_step(statement), database, sql);
    const char *found = (const char *)sqlite3_column_text(statement, 0);
    if (!found || strcmp(found, wanted) != 0)
        die("%s is %s, not %s", pragma, found ? found : "nothing", wanted);
    sqlite3_finalize(statement);
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

static void find_marks(struct column *column) {
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

/* Reads the one row of a table of the template. */
static void read_template(sqlite3 *template, struct table *table) {
    char sql[200];
    sqlite3_stmt *statement;
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table->name);
    check(sqlite3_prepare_v2(template, sql, -1, &statement, NULL), template, sql);
    if (sqlite3_step(statement) != SQLITE_ROW) die("the template has no row in %s", table->name);
    table->count = sqlite3_column_count(statement);
    if (table->count > COLUMNS_MAX) die("%s has too many columns", table->name);
    for (int index = 0; index < table->count; index++) {
        struct column *column = &table->columns[index];
        snprintf(column->name, sizeof column->name, "%s", sqlite3_column_name(statement, index));
        column->type = sqlite3_column_type(statement, index);
        if (column->type == SQLITE_TEXT) {
            column->text = strdup((const char *)sqlite3_column_text(statement, index));
            column->length = (int)strlen(column->text);
            table->row_bytes += column->length;
        } else if (column->type == SQLITE_INTEGER) {
            column->integer = sqlite3_column_int64(statement, index);
        } else if (column->type != SQLITE_NULL) {
            die("%s.%s has a type that is not expected", table->name, column->name);
        }
        if (!marks[ID] && strcmp(column->name, "id") == 0) marks[ID] = strdup(column->text);
    }
    if (sqlite3_step(statement) != SQLITE_DONE) die("the template has two rows in %s", table->name);
    sqlite3_finalize(statement);
}

static void prepare_insert(sqlite3 *database, struct table *table, int batch) {
    char sql[4000];
    int used = snprintf(sql, sizeof sql, "INSERT INTO %s (", table->name);
    for (int index = 0; index < table->count; index++)
        used += snprintf(sql + used, sizeof sql - (size_t)used, "%s%s", index ? ", " : "",
                         table->columns[index].name);
    used += snprintf(sql + used, sizeof sql - (size_t)used, ") VALUES (");
    for (int index = 0; index < table->count; index++)
        used += snprintf(sql + used, sizeof sql - (size_t)used, index ? ", ?" : "?");
    snprintf(sql + used, sizeof sql - (size_t)used, ")");
    check(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &table->insert, NULL),
          database, sql);
    table->arena = malloc((size_t)table->row_bytes * (size_t)batch);
    if (!table->arena) die("no memory");
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

static void insert_row(sqlite3 *database, struct table *table, int row,
                       const struct values *values) {
    const char *text = table->arena + (size_t)row * (size_t)table->row_bytes;
    for (int index = 0; index < table->count; index++) {
        const struct column *column = &table->columns[index];
        int code = SQLITE_OK;
        if (column->type == SQLITE_TEXT)
            code = sqlite3_bind_text(table->insert, index + 1, text, column->length, SQLITE_STATIC);
        else if (column->type == SQLITE_INTEGER)
            code = sqlite3_bind_int64(table->insert, index + 1, integer_of(column, values));
        check(code, database, "bind");
        text += column->length;
    }
    check(sqlite3_step(table->insert), database, table->name);
    check(sqlite3_reset(table->insert), database, table->name);
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

int main(int count, char **words) {
    int64_t orders = number_option(count, words, "--orders", NULL);
    int64_t number = number_option(count, words, "--first", NULL);
    int batch = (int)number_option(count, words, "--batch", "100");
    /* How far apart in time the orders are, back from now; 0 gives all of a batch this moment. */
    int64_t apart = number_option(count, words, "--milliseconds-apart", "0");
    const char *synchronous = option(count, words, "--synchronous", "FULL");
    for (int kind = 0; kind < ID; kind++) {
        char name[40];
        snprintf(name, sizeof name, "--mark-%s", kind_names[kind]);
        marks[kind] = strdup(option(count, words, name, NULL));
    }
    if (getrandom(&random_state, sizeof random_state, 0) < 0) die("no random numbers");

    sqlite3 *template, *database;
    static struct table order = {.name = "\"order\""};
    static struct table transaction = {.name = "order_transaction"};
    check(sqlite3_open_v2(option(count, words, "--template", NULL), &template,
                          SQLITE_OPEN_READWRITE, NULL), template, "the template");
    read_template(template, &order);
    read_template(template, &transaction);
    sqlite3_close(template);
    struct table *tables[] = {&order, &transaction};
    for (int table = 0; table < 2; table++)
        for (int index = 0; index < tables[table]->count; index++)
            find_marks(&tables[table]->columns[index]);
    int slot = slot_of(strchr(marks[ID], '_') + 1);

    check(sqlite3_open_v2(option(count, words, "--database", NULL), &database,
                          SQLITE_OPEN_READWRITE, NULL), database, "the database");
    char settings[600];
    snprintf(settings, sizeof settings,
             "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
             "PRAGMA synchronous = %s; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;"
             "PRAGMA cache_size = -%lld; PRAGMA wal_autocheckpoint = %lld;"
             "PRAGMA journal_size_limit = %lld;",
             synchronous, (long long)number_option(count, words, "--cache-kib", NULL),
             (long long)number_option(count, words, "--checkpoint-pages", NULL),
             (long long)number_option(count, words, "--wal-limit", NULL));
    run(database, settings);
    must_be(database, "journal_mode", "wal");
    must_be(database, "foreign_keys", "1");
    must_be(database, "synchronous", strcmp(synchronous, "FULL") == 0 ? "2" : "0");

    prepare_insert(database, &order, batch);
    prepare_insert(database, &transaction, batch);
    struct values *values = calloc((size_t)batch, sizeof *values);
    if (!values) die("no memory");
    int64_t start = milliseconds_now() - apart * orders;
    double seconds = 0;
    double longest = 0; /* a transaction whose COMMIT checkpoints takes much longer than others */
    for (int64_t done = 0; done < orders; done += batch) {
        int size = orders - done < batch ? (int)(orders - done) : batch;
        int64_t now = milliseconds_now();
        for (int row = 0; row < size; row++) {
            int64_t time = apart ? start + (done + row) * apart : now;
            make_values(&values[row], number++, time, slot);
            make_texts(&order, row, &values[row]);
            make_texts(&transaction, row, &values[row]);
        }
        double began = seconds_now();
        run(database, "BEGIN IMMEDIATE");
        for (int row = 0; row < size; row++) insert_row(database, &order, row, &values[row]);
        for (int row = 0; row < size; row++) insert_row(database, &transaction, row, &values[row]);
        run(database, "COMMIT");
        double took = seconds_now() - began;
        seconds += took;
        if (took > longest) longest = took;
    }
    sqlite3_finalize(order.insert);
    sqlite3_finalize(transaction.insert);
    check(sqlite3_close(database), database, "close");
    printf("{\"orders\": %lld, \"seconds\": %.6f, \"per_second\": %.1f,"
           " \"longest_ms\": %.3f, \"sqlite\": \"%s\"}\n",
           (long long)orders, seconds, (double)orders / seconds, longest * 1000,
           sqlite3_libversion());
    return 0;
}
