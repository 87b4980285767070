/* Runs a fuzz target without libFuzzer, so that its corpus is an ordinary test with any compiler.
 *
 * usage: fuzz_<name> FILE|FOLDER...
 *
 * Each file is given to the target as it is, then in VARIANTS changed forms: cut short, and with a byte replaced. The
 * changes follow from the file's bytes alone, so a failure can be repeated; the input at work is in the file named by
 * STANDALONE_KEEP, if that is set. No file at all is a failure. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX ((size_t)16 << 20)
#define VARIED_MAX ((size_t)64 << 10) /* larger inputs are run unchanged only */
#define VARIANTS 200
#define PATH_SIZE 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static _Noreturn void fail(const char *what, const char *path) {
  fprintf(stderr, "standalone: %s: %s\n", what, path);
  exit(2);
}

static void keep(const uint8_t *data, size_t size) {
  const char *path = getenv("STANDALONE_KEEP");
  if (!path) return;
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(data, 1, size, f) != size || fclose(f)) fail("cannot write", path);
}

/* An exact copy, so that AddressSanitizer sees a read behind the end. */
static void run_copy(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size ? size : 1);
  if (!copy) abort();
  if (size) memcpy(copy, data, size);
  keep(copy, size);
  LLVMFuzzerTestOneInput(copy, size);
  free(copy);
}

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static void run_variants(uint8_t *data, size_t size) {
  static const uint8_t telling[] = {0,   '\n', '"', '\'', '<',  '>',  '&',  '{',
                                    '[', '\\', '+', ':',  0x7f, 0x80, 0xc3, 0xff};
  uint32_t state = (uint32_t)size;
  for (size_t i = 0; i < size; i++) state = state * 31u + data[i];
  for (int i = 0; i < VARIANTS; i++) {
    size_t at = next_random(&state) % size;
    uint8_t was = data[at];
    if (i % 3 == 0) {
      run_copy(data, at);
      continue;
    }
    data[at] = i % 3 == 1 ? telling[next_random(&state) % sizeof telling] : (uint8_t)next_random(&state);
    run_copy(data, size);
    data[at] = was;
  }
}

static int run_file(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) fail("cannot read", path);
  uint8_t *data = malloc(INPUT_MAX);
  if (!data) abort();
  size_t size = fread(data, 1, INPUT_MAX, f);
  if (ferror(f) || !feof(f)) fail("unreadable or too large", path);
  fclose(f);
  run_copy(data, size);
  if (size && size <= VARIED_MAX) run_variants(data, size);
  free(data);
  return 1;
}

static int visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static int run_path(const char *path) {
  struct stat st;
  if (stat(path, &st)) fail("cannot find", path);
  if (!S_ISDIR(st.st_mode)) return run_file(path);
  struct dirent **entries;
  int n = scandir(path, &entries, visible, alphasort);
  if (n < 0) fail("cannot list", path);
  int files = 0;
  for (int i = 0; i < n; i++) {
    char child[PATH_SIZE];
    if (snprintf(child, sizeof child, "%s/%s", path, entries[i]->d_name) >= (int)sizeof child) fail("too long", path);
    files += run_path(child);
    free(entries[i]);
  }
  free(entries);
  return files;
}

int main(int argc, char **argv) {
  int files = 0;
  if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&argc, &argv);
  for (int i = 1; i < argc; i++) files += run_path(argv[i]);
  printf("standalone: %d files\n", files);
  return files ? 0 : 1;
}
