#include "base/clock.h"
#include "envelope/sbdh_int.h"

/* A place in a receipt: the scope of that type, or its reliable-messaging part. */
static const struct node *correlation(const struct envelope *r, const char *name) {
  const struct sbdh_scope *scope = sbdh_find_scope(r->sbdh, SBDH_RELIABLE);
  const struct node *n = scope ? node_child(node_child(scope->at, "CorrelationInformation"), name) : NULL;
  return n ? n : sbdh_scope_node(r, SBDH_RELIABLE);
}

static void check_ids(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  const struct sbdh_reliable *x = &r->sbdh->reliable;
  struct str id = sbdh_scope_value(r->sbdh, SBDH_ORIGINAL_ENVELOPE_ID);
  if (!str_eq_nocase(x->envelope_id, original->id))
    TELL(c, RECEIPT_ENVELOPE, correlation(r, "RequestingDocumentInstanceIdentifier"),
         STR("RequestingDocumentInstanceIdentifier"), x->envelope_id, original->id);
  if (id.n && !str_eq_nocase(id, original->id))
    TELL(c, RECEIPT_ENVELOPE, sbdh_scope_node(r, SBDH_ORIGINAL_ENVELOPE_ID), STR(SBDH_ORIGINAL_ENVELOPE_ID), id,
         original->id);
  if (x->created.n && !sbdh_same_time(x->created, original->sent))
    TELL(c, RECEIPT_TIME, correlation(r, "RequestingDocumentCreationDateTime"),
         STR("RequestingDocumentCreationDateTime"), x->created, original->sent);
}

static void check_originals(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  const struct sbdh *o = original->sbdh;
  const struct {
    const char *scope;
    struct str wanted;
  } rows[] = {{SBDH_ORIGINAL_MESSAGE_ID, sbdh_scope_value(o, SBDH_MESSAGE_ID)},
              {SBDH_ORIGINAL_BUNDLE_ID, sbdh_scope_value(o, SBDH_BUNDLE_ID)},
              {SBDH_ORIGINAL_STANDARD, o->standard},
              {SBDH_ORIGINAL_VERSION, o->type_version}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str found = sbdh_scope_value(r->sbdh, rows[i].scope);
    if (found.n && rows[i].wanted.n && !str_eq_nocase(found, rows[i].wanted))
      TELL(c, RECEIPT_ORIGINAL, sbdh_scope_node(r, rows[i].scope), str_z(rows[i].scope), found, rows[i].wanted);
  }
}

static void check_party(const struct tree_check *c, const struct node *n, const char *name, struct str found,
                        struct str wanted) {
  if (wanted.n && !str_eq(found, wanted)) TELL(c, RECEIPT_PARTIES, n, str_z(name), found, wanted);
}

static void check_parties(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  const struct sbdh *o = original->sbdh, *s = r->sbdh;
  check_party(c, sbdh_header(r, "Sender.Identifier"), "Sender", r->sender, original->receiver);
  check_party(c, sbdh_header(r, "Receiver.Identifier"), "Receiver", r->receiver, original->sender);
  check_party(c, sbdh_scope_node(r, SBDH_SENDER_ID), SBDH_SENDER_ID, sbdh_scope_value(s, SBDH_SENDER_ID),
              sbdh_scope_value(o, SBDH_RECEIVER_ID));
  check_party(c, sbdh_scope_node(r, SBDH_RECEIVER_ID), SBDH_RECEIVER_ID, sbdh_scope_value(s, SBDH_RECEIVER_ID),
              sbdh_scope_value(o, SBDH_SENDER_ID));
}

static void check_body(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  const struct sbdh_signal *g = &r->sbdh->signal;
  struct tree_check inner = {c->f, arena_printf(c->f->arena, "%.*s#payload", STR_F(c->message))};
  struct str document = sbdh_scope_value(original->sbdh, SBDH_DOCUMENT_ID);
  if (g->original_document.n && document.n && !str_eq(g->original_document, document))
    TELL(&inner, RECEIPT_DOCUMENT, node_child(g->root, "OriginalDocumentIdentifier"), g->original_document, document);
  if (g->original_id.n && !str_eq_nocase(g->original_id, original->id))
    TELL(&inner, RECEIPT_ENVELOPE, node_child(g->root, "OriginalMessageIdentifier"), STR("OriginalMessageIdentifier"),
         g->original_id, original->id);
}

static void check_times(const struct tree_check *c, const struct envelope *r, const struct envelope *original) {
  const struct node *n = sbdh_header(r, "DocumentIdentification.CreationDateAndTime");
  int64_t made, asked, expected;
  bool zoned;
  if (!time_parse(r->sent, &made, &zoned)) return; /* the schema has told */
  if (time_parse(original->sent, &asked, &zoned) && made < asked) TELL(c, RECEIPT_EARLY, n, r->sent, original->sent);
  if (time_parse(original->sbdh->reliable.expected, &expected, &zoned) && made > expected)
    TELL(c, RECEIPT_LATE, n, r->sent, original->sbdh->reliable.expected);
}

void sbdh_check_receipt(const struct envelope *receipt, struct str message, const struct envelope *original,
                        struct findings *f) {
  struct tree_check c = {f, message};
  if (receipt->content != ENVELOPE_RECEIPT || !receipt->sbdh || !original->sbdh) {
    TELL(&c, RECEIPT_EXPECTED, receipt->root);
    return;
  }
  if (original->content == ENVELOPE_RECEIPT) TELL(&c, RECEIPT_OF_RECEIPT, receipt->root);
  check_ids(&c, receipt, original);
  check_originals(&c, receipt, original);
  check_parties(&c, receipt, original);
  check_body(&c, receipt, original);
  check_times(&c, receipt, original);
}
