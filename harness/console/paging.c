#include "console/paging.h"

#include "base/percent.h"

struct paging paging_of(struct visit *v, const char *name) {
  struct paging p = {.name = name};
  int64_t page;
  if (str_int(http_query(v->request, name), &page) && page > 1 && page <= INT32_MAX) p.page = (size_t)page - 1;
  return p;
}

bool paging_takes(struct paging *p) {
  return p->n++ / PAGING_ROWS == p->page;
}

static void write_link(struct visit *v, const struct paging *p, size_t page, const char *address, struct str words,
                       const char *text) {
  struct buf q;
  buf_init(&q, 3 * words.n + 64);
  if (words.n) buf_addz(&q, "&q="), percent_encode(&q, words);
  page_link(v, str_z(text), "%s?%s=%zu%.*s", address, p->name, page + 1, STR_F(buf_str(&q)));
  buf_release(&q);
}

void page_paging(struct visit *v, const struct paging *p, const char *address, struct str words) {
  size_t pages = (p->n + PAGING_ROWS - 1) / PAGING_ROWS, from = p->page * PAGING_ROWS;
  if (pages <= 1 && !p->page) return;
  page_open(v, "nav", "links paging");
  page_attr(v, "aria-label", "%s %s", visit_word(v, "Pages of the list", "Listens sider"), p->name);
  if (from < p->n)
    page_printf_in(v, "span", NULL, visit_word(v, "%zu–%zu of %zu", "%zu–%zu af %zu"), from + 1,
                   from + PAGING_ROWS < p->n ? from + PAGING_ROWS : p->n, p->n);
  if (p->page) write_link(v, p, 0, address, words, visit_word(v, "First", "Første"));
  if (p->page && from < p->n) write_link(v, p, p->page - 1, address, words, visit_word(v, "Previous", "Forrige"));
  if (p->page + 1 < pages) {
    write_link(v, p, p->page + 1, address, words, visit_word(v, "Next", "Næste"));
    write_link(v, p, pages - 1, address, words, visit_word(v, "Last", "Sidste"));
  }
  page_close(v);
}
