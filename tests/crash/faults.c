/* Words that stand before libc's: the k-th call that would change the data folder fails.
 *
 * TRYGG_FAULTS names a file of `struct control`, mapped by the test that reads and writes it while the server runs.
 * Only calls about files under `folder` are counted, in the kinds asked for. A failing fsync drops nothing by itself:
 * what was truly written is what the file holds, which is the kernel's own promise after EIO.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { OPEN = 1, WRITE = 2, FSYNC = 4, RENAME = 8, TRUNCATE = 16, MKDIR = 32 };

struct control {
    int armed;     /* counts only while this is 1 */
    int kinds;     /* which calls are counted */
    int at;        /* the call that fails; 0: none */
    int lasting;   /* 1: every later one fails too */
    int error;     /* errno */
    int count;     /* calls so far */
    int failed;    /* of them failed */
    int short_by;  /* a failing write first writes half */
    char folder[512];
    char last[512]; /* what failed first */
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("TRYGG_FAULTS");
    if (!name) return;
    int descriptor = open(name, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (mapped != MAP_FAILED) control = mapped;
}

static int fails(enum kind kind, const char *word, const char *path) {
    if (!control || !control->armed || !(control->kinds & kind) || !path) return 0;
    size_t length = strlen(control->folder);
    if (!length || strncmp(path, control->folder, length)) return 0;
    size_t here = strlen(path);
    if (here > 4 && !strcmp(path + here - 4, "-shm")) return 0; /* a shared index, made again at each start */
    int number = __sync_add_and_fetch(&control->count, 1);
    if (!control->at || number < control->at || (number > control->at && !control->lasting)) return 0;
    if (__sync_fetch_and_add(&control->failed, 1) == 0)
        snprintf(control->last, sizeof control->last, "%s %s", word, path + length);
    return 1;
}

static const char *path_of(int descriptor, char *into, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, into, size - 1);
    if (length < 0) return NULL;
    into[length] = 0;
    return into;
}

static int descriptor_fails(enum kind kind, const char *word, int descriptor) {
    char path[1024];
    if (!control || !control->armed) return 0;
    return fails(kind, word, path_of(descriptor, path, sizeof path));
}

static int refuse(void) {
    errno = control->error;
    return -1;
}

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define WITH_MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(#name, int, const char *, int, ...); \
        WITH_MODE(flags) \
        if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) && fails(OPEN, "open", path)) return refuse(); \
        return real(path, flags, mode); \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(#name, int, int, const char *, int, ...); \
        WITH_MODE(flags) \
        if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) && fails(OPEN, "open", path)) return refuse(); \
        return real(folder, path, flags, mode); \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

ssize_t write(int descriptor, const void *bytes, size_t size) {
    REAL("write", ssize_t, int, const void *, size_t);
    if (descriptor_fails(WRITE, "write", descriptor)) {
        if (control->short_by && size > 1) real(descriptor, bytes, size / 2);
        return refuse();
    }
    return real(descriptor, bytes, size);
}

#define PWRITES(name, offset_type) \
    ssize_t name(int descriptor, const void *bytes, size_t size, offset_type at) { \
        REAL(#name, ssize_t, int, const void *, size_t, offset_type); \
        if (descriptor_fails(WRITE, "write", descriptor)) { \
            if (control->short_by && size > 1) real(descriptor, bytes, size / 2, at); \
            return refuse(); \
        } \
        return real(descriptor, bytes, size, at); \
    }
PWRITES(pwrite, off_t)
PWRITES(pwrite64, off64_t)

#define SYNCS(name) \
    int name(int descriptor) { \
        REAL(#name, int, int); \
        return descriptor_fails(FSYNC, "fsync", descriptor) ? refuse() : real(descriptor); \
    }
SYNCS(fsync)
SYNCS(fdatasync)

int rename(const char *from, const char *to) {
    REAL("rename", int, const char *, const char *);
    return fails(RENAME, "rename", to) ? refuse() : real(from, to);
}

#define TRUNCATES(name, offset_type) \
    int name(int descriptor, offset_type size) { \
        REAL(#name, int, int, offset_type); \
        return descriptor_fails(TRUNCATE, "ftruncate", descriptor) ? refuse() : real(descriptor, size); \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

int mkdir(const char *path, mode_t mode) {
    REAL("mkdir", int, const char *, mode_t);
    struct stat there; /* "is there already" is an answer no disk has to give */
    return !stat(path, &there) || !fails(MKDIR, "mkdir", path) ? real(path, mode) : refuse();
}
