/* Receipts on the wire: CONTRL and XCTL. */
#include "base/clock.h"
#include "envelope/receipt.h"
#include "formats/edifact.h"
#include "formats/edifact_text.h"
#include "formats/xml.h"

/* Both forms of the receipts stand in this one, and the later ones do not change them (legacy.md 2.3). */
#define XCTL_NS "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/"
#define UNA "UNA:+.? '"
#define GLN_QUALIFIER STR("14")

struct contrl {
  struct arena *a;
  struct node *at;      /* where segments are put */
  struct node *segment; /* the last one */
  size_t n;             /* segments of the message */
};

static void segment(struct contrl *c, const char *tag) {
  struct node *n = node_new(c->a, NODE_SEGMENT);
  n->name = str_z(tag);
  n->prefix = STR("\n");
  node_append(c->at, n);
  c->segment = n;
  c->n++;
}

/* An element of these components; the empty ones at its end are left out. */
static void element(struct contrl *c, size_t n, const struct str *components) {
  struct node *e = node_new(c->a, n > 1 ? NODE_ARRAY : NODE_STRING);
  if (n == 1) e->text = components[0];
  for (size_t i = 0; n > 1 && i < n; i++) {
    struct node *component = node_new(c->a, NODE_STRING);
    component->text = components[i];
    node_append(e, component);
  }
  node_append(c->segment, e);
}

#define ELEMENT(c, ...)                                                                                                \
  element((c), sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str), (struct str[]){__VA_ARGS__})

/* A code without a text stands with an empty line, "." (legacy.md 3.5). */
static void put_reason(struct contrl *c, struct str code, struct str text) {
  struct node *last = c->at->last;
  struct free_text lines = {0};
  if (!text.n && !code.n) return;
  free_text_add(&lines, c->a, text);
  c->n += free_text_write(c->at, c->a, code, &lines);
  while ((last = last->next)) last->prefix = STR("\n");
}

static struct str digits(struct arena *a, struct str time, const char *picture) {
  return arena_printf(a, picture, time.p + 2, time.p + 5, time.p + 8);
}

static void put_unb(struct contrl *c, const struct receipt *r) {
  struct str time = time_danish(c->a, r->at);
  segment(c, "UNB");
  ELEMENT(c, STR("UNOC"), STR("3"));
  ELEMENT(c, r->sender, GLN_QUALIFIER);
  ELEMENT(c, r->receiver, GLN_QUALIFIER);
  ELEMENT(c, digits(c->a, time, "%.2s%.2s%.2s"), arena_printf(c->a, "%.2s%.2s", time.p + 11, time.p + 14));
  ELEMENT(c, r->id);
  /* Nothing is asked for: receipts have no element 0031. */
  if (r->ack != MAIL_ACK_YES) return;
  for (int i = 0; i < 3; i++) ELEMENT(c, STR(""));
  ELEMENT(c, STR("1"));
}

static void put_letter(struct contrl *c, const struct receipt_letter *l) {
  segment(c, "UCM");
  ELEMENT(c, l->id);
  ELEMENT(c, l->message, STR("D"), STR("93A"), STR("UN"), l->version);
  ELEMENT(c, l->action);
  put_reason(c, l->code, l->text);
}

static void put_message(struct contrl *c, const struct receipt *r) {
  c->n = 0;
  segment(c, "UNH");
  ELEMENT(c, r->letter_id);
  ELEMENT(c, STR("CONTRL"), STR("D"), STR("93A"), STR("ZZ"), r->version);
  ELEMENT(c, str_z(r->row->name));
  segment(c, "UCI");
  ELEMENT(c, r->of);
  ELEMENT(c, r->original_sender, GLN_QUALIFIER);
  ELEMENT(c, r->original_receiver, GLN_QUALIFIER);
  ELEMENT(c, r->action);
  put_reason(c, r->code, r->text);
  for (size_t i = 0; i < r->letters.n; i++) put_letter(c, &r->letters.v[i]);
  segment(c, "UNT");
  ELEMENT(c, arena_printf(c->a, "%zu", c->n));
  ELEMENT(c, r->letter_id);
}

static void write_contrl(struct buf *out, const struct receipt *r) {
  struct arena *a = arena_new(0);
  struct node *root = node_new(a, NODE_GROUP);
  struct contrl c = {.a = a, .at = root};
  root->name = STR("interchange");
  root->prefix = STR(UNA);
  put_unb(&c, r);
  put_message(&c, r);
  segment(&c, "UNZ");
  ELEMENT(&c, STR("1"));
  ELEMENT(&c, r->id);
  root->text = STR("\n");
  edifact_write(out, root);
  arena_free(a);
}

/* ---- XCTL ---- */

static void put(struct buf *b, const char *name, struct str text) {
  buf_printf(b, "<%s>", name);
  xml_escape_text(b, text);
  buf_printf(b, "</%s>", name);
}

static void put_party(struct buf *b, const char *name, struct str gln) {
  buf_printf(b, "<%s>", name);
  put(b, "EANIdentifier", gln);
  buf_printf(b, "</%s>", name);
}

static void put_refusal(struct buf *b, struct str code, struct str text) {
  struct str refuse = receipt_refuse_code(code);
  if (code.n) put(b, "RefuseCode", refuse.n ? refuse : code);
  if (!text.n) return;
  buf_addz(b, "<RefuseText>");
  while (text.n) {
    xml_escape_text(b, str_cut(&text, '\n'));
    if (text.n) buf_addz(b, "<Break/>");
  }
  buf_addz(b, "</RefuseText>");
}

static void put_original(struct buf *b, const struct receipt *r) {
  buf_addz(b, "<OriginalEmessage>");
  put(b, "OriginalEnvelopeIdentifier", r->of);
  put_party(b, "OriginalSender", r->original_sender);
  put_party(b, "OriginalReceiver", r->original_receiver);
  put_refusal(b, r->code, r->text);
  for (size_t i = 0; i < r->letters.n; i++) {
    const struct receipt_letter *l = &r->letters.v[i];
    buf_addz(b, "<OriginalLetter>");
    put(b, "OriginalLetterIdentifier", l->id);
    put(b, "OriginalVersionCode", l->version);
    put_refusal(b, l->code, l->text);
    buf_addz(b, "</OriginalLetter>");
  }
  buf_addz(b, "</OriginalEmessage>");
}

static void put_head(struct buf *b, const struct receipt *r, struct str time) {
  buf_printf(b, "<Envelope><Sent><Date>%.10s</Date><Time>%.5s</Time></Sent>", time.p, time.p + 11);
  put(b, "Identifier", r->id);
  put(b, "AcknowledgementCode", r->ack == MAIL_ACK_YES ? STR("pluspositivkvitt") : STR("minuspositivkvitt"));
  buf_printf(b, "</Envelope><%s><Letter>", r->row->element);
  put(b, "Identifier", r->letter_id);
  put(b, "VersionCode", r->version);
  put(b, "StatisticalCode", str_z(r->row->name));
  buf_addz(b, "</Letter>");
}

static void write_xctl(struct buf *b, const struct receipt *r) {
  struct arena *a = arena_new(0);
  buf_addz(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Emessage xmlns=\"" XCTL_NS "\">");
  put_head(b, r, time_danish(a, r->at));
  put_party(b, "Sender", r->sender);
  put_party(b, "Receiver", r->receiver);
  put_original(b, r);
  buf_printf(b, "</%s></Emessage>\n", r->row->element);
  arena_free(a);
}

void receipt_write(struct buf *out, const struct receipt *r) {
  if (r->row->syntax == MAIL_EDIFACT)
    write_contrl(out, r);
  else
    write_xctl(out, r);
}
