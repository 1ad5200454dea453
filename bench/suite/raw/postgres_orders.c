/*
 * The raw limit of storing orders in PostgreSQL: the bulk statements that parry sends, sent by libpq
 * alone over a few connections into a database that parry migrated.
 *
 *   postgres-orders --database URL --template URL --orders N --first NUMBER --connections N [options]
 *
 * The template is another such database that holds one order, which parry stored, with one
 * transaction; sample.h says what becomes of it. A batch is BEGIN, one INSERT from unnest for each
 * table, and COMMIT: prepared, with a binary array for each column, in one round trip.
 *
 * Prints one line of JSON. All rows are made and all statements prepared before the clock runs.
 */
#include "sample.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

enum { INT8_OID = 20, TEXT_OID = 25, TABLES = 2, CONNECTIONS_MAX = 64 };

/* The arguments of one INSERT: an array for each column. */
struct arguments {
    char *values[COLUMNS_MAX];
    int lengths[COLUMNS_MAX];
};

struct batch {
    struct arguments of[TABLES];
};

struct worker {
    pthread_t thread;
    PGconn *connection;
    double longest;
};

static struct table tables[TABLES] = {{.name = "\"order\""}, {.name = "order_transaction"}};
static Oid types[TABLES][COLUMNS_MAX];
static int formats[COLUMNS_MAX];
static struct batch *batches;
static int batch_count;
static atomic_int batches_taken;
static pthread_barrier_t start_line;

static PGconn *connect_to(const char *url) {
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK) die("%s", PQerrorMessage(connection));
    return connection;
}

static void read_template(PGconn *template, int which) {
    struct table *table = &tables[which];
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table->name);
    PGresult *found = PQexec(template, sql);
    if (PQntuples(found) != 1) die("the template has not one row in %s", table->name);
    for (int index = 0; index < PQnfields(found); index++) {
        const char *name = PQfname(found, index), *text = PQgetvalue(found, 0, index);
        types[which][index] = PQftype(found, index);
        if (types[which][index] != INT8_OID && types[which][index] != TEXT_OID)
            die("%s.%s has a type that is not expected", table->name, name);
        if (PQgetisnull(found, 0, index))
            add_column(table, name, NOTHING, NULL, 0);
        else if (types[which][index] == TEXT_OID)
            add_column(table, name, TEXT, text, 0);
        else
            add_column(table, name, INTEGER, NULL, strtoll(text, NULL, 10));
    }
    PQclear(found);
}

static char *put_32(char *place, int32_t value) {
    uint32_t bytes = htonl((uint32_t)value);
    memcpy(place, &bytes, 4);
    return place + 4;
}

static char *put_64(char *place, int64_t value) {
    return put_32(put_32(place, (int32_t)(value >> 32)), (int32_t)value);
}

/* One column of a batch as `array_recv` takes it. */
static void encode(struct arguments *arguments, const struct table *table, int which, int index,
                   int text_offset, const struct values *values, int size) {
    const struct column *column = &table->columns[index];
    size_t element = 4 + (column->type == TEXT ? (size_t)column->length : 8);
    char *start = allocate(20 + element * (size_t)size);
    char *place = put_32(put_32(start, 1), column->type == NOTHING);
    place = put_32(put_32(put_32(place, (int32_t)types[which][index]), size), 1);
    for (int row = 0; row < size; row++) {
        if (column->type == NOTHING) {
            place = put_32(place, -1);
        } else if (column->type == INTEGER) {
            place = put_64(put_32(place, 8), integer_of(column, &values[row]));
        } else {
            place = put_32(place, column->length);
            memcpy(place, table->arena + (size_t)row * (size_t)table->row_bytes + text_offset,
                   (size_t)column->length);
            place += column->length;
        }
    }
    arguments->values[index] = start;
    arguments->lengths[index] = (int)(place - start);
}

/* Ids grow from batch to batch, as they do when each is made at its time. */
static void make_batches(int64_t orders, int64_t number, int size_max) {
    int slot = template_slot();
    int64_t now = milliseconds_now();
    struct values *values = allocate((size_t)size_max * sizeof *values);
    batch_count = (int)((orders + size_max - 1) / size_max);
    batches = allocate((size_t)batch_count * sizeof *batches);
    for (int which = 0; which < TABLES; which++)
        tables[which].arena = allocate((size_t)tables[which].row_bytes * (size_t)size_max);
    for (int number_of = 0; number_of < batch_count; number_of++) {
        int64_t left = orders - (int64_t)number_of * size_max;
        int size = left < size_max ? (int)left : size_max;
        for (int row = 0; row < size; row++) {
            make_values(&values[row], number++, now + 5 * number_of, slot);
            for (int which = 0; which < TABLES; which++)
                make_texts(&tables[which], row, &values[row]);
        }
        for (int which = 0; which < TABLES; which++) {
            int text_offset = 0;
            for (int index = 0; index < tables[which].count; index++) {
                encode(&batches[number_of].of[which], &tables[which], which, index, text_offset,
                       values, size);
                text_offset += tables[which].columns[index].length;
            }
        }
    }
    free(values);
}

static void prepare(PGconn *connection, const char *name, const char *sql) {
    PGresult *done = PQprepare(connection, name, sql, 0, NULL);
    if (PQresultStatus(done) != PGRES_COMMAND_OK) die("%s: %s", sql, PQerrorMessage(connection));
    PQclear(done);
}

static const char *const insert_names[TABLES] = {"order", "transaction"};

static void prepare_all(PGconn *connection) {
    prepare(connection, "begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    prepare(connection, "commit", "COMMIT");
    for (int which = 0; which < TABLES; which++) {
        const struct table *table = &tables[which];
        char names[2000], sql[5000];
        list_columns(table, names, sizeof names);
        int used = snprintf(sql, sizeof sql, "INSERT INTO %s (%s) SELECT * FROM unnest(",
                            table->name, names);
        for (int index = 0; index < table->count; index++)
            used += snprintf(sql + used, sizeof sql - (size_t)used, "%s$%d::%s[]",
                             index ? ", " : "", index + 1,
                             types[which][index] == INT8_OID ? "bigint" : "text");
        snprintf(sql + used, sizeof sql - (size_t)used, ")");
        prepare(connection, insert_names[which], sql);
    }
}

static void send_prepared(PGconn *connection, const char *name, int count,
                          const struct arguments *arguments) {
    if (!PQsendQueryPrepared(connection, name, count,
                             arguments ? (const char *const *)arguments->values : NULL,
                             arguments ? arguments->lengths : NULL, formats, 1))
        die("%s: %s", name, PQerrorMessage(connection));
}

/* Waits for the answers to BEGIN, the inserts and COMMIT, and for the end of the round trip. */
static void await_answers(PGconn *connection) {
    for (int left = TABLES + 2; left > 0; left--) {
        PGresult *answer = PQgetResult(connection);
        if (PQresultStatus(answer) != PGRES_COMMAND_OK) die("%s", PQerrorMessage(connection));
        PQclear(answer);
        if (PQgetResult(connection)) die("there are more answers than statements");
    }
    PGresult *end = PQgetResult(connection);
    if (PQresultStatus(end) != PGRES_PIPELINE_SYNC) die("%s", PQerrorMessage(connection));
    PQclear(end);
}

static void store(PGconn *connection, const struct batch *batch) {
    send_prepared(connection, "begin", 0, NULL);
    for (int which = 0; which < TABLES; which++)
        send_prepared(connection, insert_names[which], tables[which].count, &batch->of[which]);
    send_prepared(connection, "commit", 0, NULL);
    if (!PQpipelineSync(connection)) die("%s", PQerrorMessage(connection));
    await_answers(connection);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    pthread_barrier_wait(&start_line);
    int taken;
    while ((taken = atomic_fetch_add(&batches_taken, 1)) < batch_count) {
        double began = seconds_now();
        store(worker->connection, &batches[taken]);
        double took = seconds_now() - began;
        if (took > worker->longest) worker->longest = took;
    }
    return NULL;
}

int main(int count, char **words) {
    int64_t orders = number_option(count, words, "--orders", NULL);
    int64_t number = number_option(count, words, "--first", NULL);
    int batch = (int)number_option(count, words, "--batch", "100");
    int connections = (int)number_option(count, words, "--connections", NULL);
    const char *database = option(count, words, "--database", NULL);
    if (orders < 1 || batch < 1) die("--orders and --batch must be at least 1");
    if (connections < 1 || connections > CONNECTIONS_MAX) die("--connections is out of bounds");
    read_marks(count, words);
    for (int index = 0; index < COLUMNS_MAX; index++) formats[index] = 1;

    PGconn *template = connect_to(option(count, words, "--template", NULL));
    for (int which = 0; which < TABLES; which++) read_template(template, which);
    PQfinish(template);
    for (int which = 0; which < TABLES; which++) find_marks(&tables[which]);
    make_batches(orders, number, batch);

    static struct worker workers[CONNECTIONS_MAX];
    pthread_barrier_init(&start_line, NULL, (unsigned)connections + 1);
    for (int index = 0; index < connections; index++) {
        workers[index].connection = connect_to(database);
        prepare_all(workers[index].connection);
        if (!PQenterPipelineMode(workers[index].connection)) die("there is no pipeline mode");
        if (pthread_create(&workers[index].thread, NULL, work, &workers[index]))
            die("there is no thread");
    }
    pthread_barrier_wait(&start_line);
    double began = seconds_now();
    double longest = 0;
    for (int index = 0; index < connections; index++) {
        pthread_join(workers[index].thread, NULL);
        if (workers[index].longest > longest) longest = workers[index].longest;
    }
    double seconds = seconds_now() - began;
    for (int index = 0; index < connections; index++) PQfinish(workers[index].connection);
    printf("{\"orders\": %lld, \"seconds\": %.6f, \"per_second\": %.1f,"
           " \"longest_ms\": %.3f, \"libpq\": %d}\n",
           (long long)orders, seconds, (double)orders / seconds, longest * 1000, PQlibVersion());
    return 0;
}
