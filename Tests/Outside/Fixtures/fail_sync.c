/* Preloaded into the server: fsync and fdatasync of database files fail with EIO for as long as the
 * file named by FAIL_SYNC_WHILE exists. Every failure adds a byte to FAIL_SYNC_COUNT, so that a test
 * knows that the fault was met and not merely offered. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_database(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, ".db") != NULL;
}

static int must_fail(int file) {
    const char *control = getenv("FAIL_SYNC_WHILE");
    if (!control || access(control, F_OK) != 0 || !is_database(file)) return 0;
    const char *count = getenv("FAIL_SYNC_COUNT");
    int counter = count ? open(count, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (counter >= 0) {
        if (write(counter, "x", 1) != 1) abort();
        close(counter);
    }
    errno = EIO;
    return 1;
}

int fsync(int file) {
    static int (*real)(int);
    if (must_fail(file)) return -1;
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (must_fail(file)) return -1;
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return real(file);
}
