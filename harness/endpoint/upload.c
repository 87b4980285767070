/* Messages go by hand: `testcamp put` brings them, `testcamp get` fetches them. Nothing is listened to. */
#include "endpoint/endpoint_int.h"

static int upload_open(struct endpoint *ep, struct error *e) {
  (void)e;
  ep->address = "testcamp put RUN FILE...";
  return 0;
}

static void upload_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                        struct str file) {
  (void)wire, (void)content_type, (void)file;
  endpoint_report(ep, message, &(struct endpoint_result){.status = STR("ready")});
}

static void upload_settle(struct endpoint *ep, struct arrival *in, struct str message) {
  (void)ep, (void)in, (void)message;
}

static void upload_refuse(struct endpoint *ep, struct arrival *in, const char *why) {
  (void)ep, (void)in, (void)why;
}

static void upload_close(struct endpoint *ep) {
  (void)ep;
}

const struct endpoint_kind endpoint_upload = {.name = "upload",
                                              .open = upload_open,
                                              .send = upload_send,
                                              .accept = upload_settle,
                                              .refuse = upload_refuse,
                                              .close = upload_close};
