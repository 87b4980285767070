#include "formats/html.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(html, escapes_and_nests) {
  struct buf b;
  struct html_writer w;
  buf_init(&b, 1 << 16);
  html_init(&w, &b);
  html_doctype(&w);
  html_open(&w, "p");
  html_attrz(&w, "title", "\"<&>'");
  html_textz(&w, "a<b>&\"c\"");
  html_open(&w, "br");
  html_close(&w);
  html_printf(&w, "%d %s", 5, "<i>");
  html_element(&w, "b", "x y", STR("z"));
  html_open(&w, "i");
  html_close(&w);
  html_raw(&w, "<!-- ours -->");
  html_close(&w);
  cr_expect(str_eqz(buf_str(&b),
                    "<!DOCTYPE html><p title=\"&quot;&lt;&amp;&gt;'\">a&lt;b&gt;&amp;&quot;c&quot;<br>5 &lt;i&gt;"
                    "<b class=\"x y\">z</b><i></i><!-- ours --></p>"),
            "%.*s", STR_F(buf_str(&b)));
  buf_release(&b);
}

Test(html, close_without_open_is_a_bug, .signal = SIGABRT) {
  struct buf b;
  struct html_writer w;
  buf_init(&b, 1 << 16);
  html_init(&w, &b);
  html_close(&w);
}

Test(html, late_attribute_is_a_bug, .signal = SIGABRT) {
  struct buf b;
  struct html_writer w;
  buf_init(&b, 1 << 16);
  html_init(&w, &b);
  html_open(&w, "p");
  html_textz(&w, "x");
  html_attrz(&w, "class", "y");
}
