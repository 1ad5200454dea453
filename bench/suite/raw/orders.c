/*
 * The raw limit of storing orders: what SQLite's C interface inserts into the tables and indexes of
 * a database that parry migrated, with nothing around it.
 *
 *   orders --database FILE --template FILE --orders N --first NUMBER [options]
 *
 * The template is another such database that holds one order, which parry stored, with one
 * transaction; sample.h says what becomes of it.
 *
 * Prints one line of JSON. Making the rows is not timed: seconds are those of BEGIN to COMMIT.
 */
#include "sample.h"

#include <sqlite3.h>

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

/* Reads the one row of a table of the template. */
static void read_template(sqlite3 *template, struct table *table) {
    char sql[200];
    sqlite3_stmt *statement;
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table->name);
    check(sqlite3_prepare_v2(template, sql, -1, &statement, NULL), template, sql);
    if (sqlite3_step(statement) != SQLITE_ROW) die("the template has no row in %s", table->name);
    for (int index = 0; index < sqlite3_column_count(statement); index++) {
        const char *name = sqlite3_column_name(statement, index);
        int type = sqlite3_column_type(statement, index);
        if (type == SQLITE_TEXT)
            add_column(table, name, TEXT, (const char *)sqlite3_column_text(statement, index), 0);
        else if (type == SQLITE_INTEGER)
            add_column(table, name, INTEGER, NULL, sqlite3_column_int64(statement, index));
        else if (type == SQLITE_NULL)
            add_column(table, name, NOTHING, NULL, 0);
        else
            die("%s.%s has a type that is not expected", table->name, name);
    }
    if (sqlite3_step(statement) != SQLITE_DONE) die("the template has two rows in %s", table->name);
    sqlite3_finalize(statement);
}

static sqlite3_stmt *prepare_insert(sqlite3 *database, struct table *table, int batch) {
    char names[2000], sql[4000];
    sqlite3_stmt *insert;
    list_columns(table, names, sizeof names);
    int used = snprintf(sql, sizeof sql, "INSERT INTO %s (%s) VALUES (", table->name, names);
    for (int index = 0; index < table->count; index++)
        used += snprintf(sql + used, sizeof sql - (size_t)used, index ? ", ?" : "?");
    snprintf(sql + used, sizeof sql - (size_t)used, ")");
    check(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &insert, NULL), database,
          sql);
    table->arena = allocate((size_t)table->row_bytes * (size_t)batch);
    return insert;
}

static void insert_row(sqlite3 *database, sqlite3_stmt *insert, const struct table *table, int row,
                       const struct values *values) {
    const char *text = table->arena + (size_t)row * (size_t)table->row_bytes;
    for (int index = 0; index < table->count; index++) {
        const struct column *column = &table->columns[index];
        int code = SQLITE_OK;
        if (column->type == TEXT)
            code = sqlite3_bind_text(insert, index + 1, text, column->length, SQLITE_STATIC);
        else if (column->type == INTEGER)
            code = sqlite3_bind_int64(insert, index + 1, integer_of(column, values));
        check(code, database, "bind");
        text += column->length;
    }
    check(sqlite3_step(insert), database, table->name);
    check(sqlite3_reset(insert), database, table->name);
}

int main(int count, char **words) {
    int64_t orders = number_option(count, words, "--orders", NULL);
    int64_t number = number_option(count, words, "--first", NULL);
    int batch = (int)number_option(count, words, "--batch", "100");
    /* How far apart in time the orders are, back from now; 0 gives all of a batch this moment. */
    int64_t apart = number_option(count, words, "--milliseconds-apart", "0");
    const char *synchronous = option(count, words, "--synchronous", "FULL");
    read_marks(count, words);

    sqlite3 *template, *database;
    static struct table order = {.name = "\"order\""};
    static struct table transaction = {.name = "order_transaction"};
    check(sqlite3_open_v2(option(count, words, "--template", NULL), &template,
                          SQLITE_OPEN_READWRITE, NULL), template, "the template");
    read_template(template, &order);
    read_template(template, &transaction);
    sqlite3_close(template);
    find_marks(&order);
    find_marks(&transaction);
    int slot = template_slot();

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

    sqlite3_stmt *insert_order = prepare_insert(database, &order, batch);
    sqlite3_stmt *insert_transaction = prepare_insert(database, &transaction, batch);
    struct values *values = allocate((size_t)batch * sizeof *values);
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
        for (int row = 0; row < size; row++)
            insert_row(database, insert_order, &order, row, &values[row]);
        for (int row = 0; row < size; row++)
            insert_row(database, insert_transaction, &transaction, row, &values[row]);
        run(database, "COMMIT");
        double took = seconds_now() - began;
        seconds += took;
        if (took > longest) longest = took;
    }
    sqlite3_finalize(insert_order);
    sqlite3_finalize(insert_transaction);
    check(sqlite3_close(database), database, "close");
    printf("{\"orders\": %lld, \"seconds\": %.6f, \"per_second\": %.1f,"
           " \"longest_ms\": %.3f, \"sqlite\": \"%s\"}\n",
           (long long)orders, seconds, (double)orders / seconds, longest * 1000,
           sqlite3_libversion());
    return 0;
}
