// What a plain C loop takes: read the file whole, compare each id with the expected one, else look it up in batches; all checks.
// Usage: scan csv KEY K CLASSES REPEATS FILE… | scan npy KEY 0 CLASSES REPEATS FILE…   Prints one JSON line.
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, MAXK = 8 };
static char *key; static size_t key_size;
static uint32_t n, mask, *id_at, *id_len, *slots; static uint16_t *truth; static uint8_t *public_, *rank_; static char *buffer;

static void refuse(const char *why) { fprintf(stderr, "refused: %s\n", why); exit(1); }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }
static char *read_all(const char *path, char *to, size_t *size) {
  int f = open(path, O_RDONLY); struct stat s; if (f < 0 || fstat(f, &s)) refuse(path);
  if (!to) to = malloc(s.st_size + 64);
  for (size_t got = 0; got < (size_t)s.st_size;) { ssize_t r = read(f, to + got, s.st_size - got); if (r <= 0) refuse("read"); got += r; }
  close(f); *size = s.st_size; to[*size] = 0; return to;
}
static uint64_t hash(const char *p, uint32_t len) {
  uint64_t h = len, w;
  for (; len >= 8; p += 8, len -= 8) { memcpy(&w, p, 8); h = (h ^ w) * 0xd6e8feb86659fd93u; h ^= h >> 32; }
  if (len) { w = 0; memcpy(&w, p, len); h = (h ^ w) * 0xd6e8feb86659fd93u; h ^= h >> 32; }
  return h * 0xd6e8feb86659fd93u >> 20;
}
static void load_key(const char *path) {
  key = read_all(path, 0, &key_size); size_t lines = 0;
  for (char *p = key; (p = memchr(p, '\n', key + key_size - p)); p++) lines++;
  n = lines - 1; mask = 1; while (mask < 2 * n) mask *= 2; mask--;
  id_at = malloc(4 * n); id_len = malloc(4 * n); truth = malloc(2 * n); public_ = malloc(n); rank_ = malloc(n); slots = calloc(mask + 1, 4);
  char *p = strchr(key, '\n') + 1;
  for (uint32_t i = 0; i < n; i++) {
    char *c = strchr(p, ','); id_at[i] = p - key; id_len[i] = c - p; truth[i] = strtol(c + 1, &c, 10); public_[i] = c[2] == 'u';
    uint32_t s = hash(p, id_len[i]) & mask; while (slots[s]) s = (s + 1) & mask; slots[s] = i + 1; p = strchr(c, '\n') + 1;
  }
}
static char *labels(char *p, int k, int classes, int *out) {
  for (int i = 0; i < k; i++) {
    int v = 0; char *from = ++p; while (*p >= '0' && *p <= '9' && p - from < 6) v = 10 * v + *p++ - '0';
    if (p == from || v >= classes || (*from == '0' && p - from > 1)) refuse("label");
    for (int j = 0; j < i; j++) if (out[j] == v) refuse("repeated label");
    out[i] = v; if (*p != (i + 1 < k ? ',' : '\n')) refuse("columns");
  }
  return p + 1;
}
static void place(uint32_t row, const int *l, int k) {
  if (rank_[row] != 255) refuse("duplicate id");
  int r = 0; for (int i = 0; i < k; i++) if (l[i] == truth[row]) r = i + 1;
  rank_[row] = r;
}
static void score_csv(const char *path, int k, int classes) {
  size_t size; char *p = read_all(path, buffer, &size), *end = p + size; memset(rank_, 255, n); p = strchr(p, '\n') + 1;
  uint32_t next = 0, rows = 0; int l[BATCH][MAXK]; char *ids[BATCH]; uint32_t lens[BATCH], at[BATCH];
  while (p < end) {
    if (next < n && !memcmp(p, key + id_at[next], id_len[next] + 1)) { char *q = labels(p + id_len[next], k, classes, l[0]); place(next++, l[0], k); p = q; rows++; continue; }
    int m = 0;
    for (; m < BATCH && p < end; m++) {
      char *c = memchr(p, ',', end - p); if (!c) refuse("columns");
      ids[m] = p; lens[m] = c - p; at[m] = hash(p, lens[m]) & mask; __builtin_prefetch(slots + at[m]); p = labels(c, k, classes, l[m]);
    }
    for (int i = 0; i < m; i++) { uint32_t s = slots[at[i]]; if (s) { __builtin_prefetch(id_at + s - 1); __builtin_prefetch(id_len + s - 1); __builtin_prefetch(truth + s - 1); } }
    for (int i = 0; i < m; i++) { uint32_t s = slots[at[i]]; if (s) __builtin_prefetch(key + id_at[s - 1]); }
    for (int i = 0; i < m; i++) {
      uint32_t a = at[i], s; while ((s = slots[a]) && (id_len[s - 1] != lens[i] || memcmp(key + id_at[s - 1], ids[i], lens[i]))) a = (a + 1) & mask;
      if (!s) refuse("unknown id");
      place(s - 1, l[i], k); next = s; rows++;
    }
  }
  if (rows != n) refuse("missing id");
}
static void score_npy(const char *path, int classes) {
  size_t size; char *p = read_all(path, buffer, &size); uint16_t h; memcpy(&h, p + 8, 2); float *x = (float *)(p + 10 + h);
  for (uint32_t i = 0; i < n; i++, x += classes) {
    int t = truth[i], above = 0, odd = 0; float own = x[t];
    for (int j = 0; j < t; j++) { above += x[j] >= own; odd |= x[j] - x[j] != 0; }
    for (int j = t; j < classes; j++) { above += x[j] > own; odd |= x[j] - x[j] != 0; }
    if (odd) refuse("not finite");
    rank_[i] = above < 5 ? above + 1 : 0;
  }
}
int main(int argc, char **argv) {
  int csv = !strcmp(argv[1], "csv"), k = atoi(argv[3]), classes = atoi(argv[4]), repeats = atoi(argv[5]); load_key(argv[2]);
  size_t most = 0; for (int i = 6; i < argc; i++) { struct stat s; if (!stat(argv[i], &s) && (size_t)s.st_size > most) most = s.st_size; }
  buffer = malloc(most + 64); printf("{\"results\":[");
  for (int i = 6; i < argc; i++) {
    printf("%s{\"file\":\"%s\",\"times\":[", i > 6 ? "," : "", argv[i]);
    for (int r = 0; r <= repeats; r++) { double t = now(); csv ? score_csv(argv[i], k, classes) : score_npy(argv[i], classes); if (r) printf("%s%.3f", r > 1 ? "," : "", now() - t); }
    int c[3][2] = {{0}}; for (uint32_t j = 0; j < n; j++) { int b = !public_[j]; c[0][b]++; c[1][b] += rank_[j] == 1; c[2][b] += rank_[j] >= 1 && rank_[j] <= 5; }
    printf("],\"counts\":{\"rows\":[%d,%d],\"top1\":[%d,%d],\"top5\":[%d,%d]}}", c[0][0], c[0][1], c[1][0], c[1][1], c[2][0], c[2][1]);
  }
  struct rusage u; getrusage(RUSAGE_SELF, &u); printf("],\"peakMb\":%.1f}\n", u.ru_maxrss / 1024.0); return 0;
}
