/* What diagrams look like. Colours are written out, not as variables, which programs that are no browsers do not know;
 * each kind of arrow has a shape of its own beside its colour. */
#include "report/sequence_int.h"

/* clang-format off */
const char sequence_style[] =
    ".sequence{margin:.3rem 0 .8rem}.strip{overflow-x:auto}\n"
    ".sq{display:block;max-width:max(100%,1000px);height:auto}\n"
    ".sq{font-family:\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,\"Liberation Sans\",sans-serif;"
    "font-size:13px}\n"
    ".sq text{fill:#1b1f24}\n"
    ".sq .sq-what,.sq a .sq-small{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}\n"
    ".sq .sq-ground{fill:#fff}\n"
    ".sq .sq-title{font-size:16px;font-weight:600}\n"
    ".sq .sq-name,.sq .sq-id{font-weight:600}\n"
    ".sq .sq-small{font-size:11px;fill:#555d66}\n"
    ".sq .sq-head{fill:#fff;stroke:#1b1f24}.sq .sq-ours{fill:#f4f6f8;stroke-dasharray:5 3}\n"
    ".sq path{fill:none;stroke:#1b1f24;stroke-width:1.5}\n"
    ".sq .sq-line{stroke:#7f8790;stroke-width:1}\n"
    ".sq .sq-tip,.sq .sq-flag{fill:#1b1f24}\n"
    ".sq .sq-hit{fill:#fff;fill-opacity:0;stroke:none}\n"
    ".sq a:hover .sq-hit{fill:#0b4f8a;fill-opacity:.08}\n"
    ".sq a:focus{outline:none}.sq a:focus-visible .sq-hit{stroke:#b87a00;stroke-width:2}\n"
    ".sq a:hover .sq-what{text-decoration:underline}\n"
    ".sq .sq-relayed .sq-wire{stroke-dasharray:9 4}\n"
    ".sq .sq-lost .sq-wire{stroke-dasharray:2 4}\n"
    ".sq .sq-relayed .sq-wire,.sq .sq-relayed .sq-open{stroke:#0b4f8a}\n"
    ".sq .sq-cross,.sq .sq-wall{stroke:#a8121f;stroke-width:3}\n"
    ".sq .sq-lost .sq-wire,.sq .sq-refused .sq-wire,.sq .sq-refused .sq-tip{stroke:#a8121f}"
    ".sq .sq-refused .sq-tip{fill:#a8121f}\n"
    ".sq .sq-flag{fill:#a8121f;stroke:#a8121f}.sq a.sq-wrong .sq-what{fill:#a8121f}\n"
    ".sq .sq-loose{fill:#fff;stroke:#7a4b00}\n"
    "@media print{.sequence>summary{break-after:avoid}.strip{overflow:visible;break-inside:avoid}"
    ".sq{max-width:100%;height:auto}"
    ".sq rect,.sq path{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";

const char sequence_style_dark[] =
    "@media (prefers-color-scheme:dark){\n"
    ".sq text{fill:#e8ebee}\n"
    ".sq .sq-what,.sq a .sq-small{stroke:#14181d}\n"
    ".sq .sq-ground,.sq .sq-loose{fill:#14181d}\n"
    ".sq .sq-small{fill:#a9b2bb}\n"
    ".sq .sq-head{fill:#14181d;stroke:#e8ebee}.sq .sq-ours{fill:#232a31}\n"
    ".sq path{stroke:#e8ebee}\n"
    ".sq .sq-line{stroke:#7d8791}\n"
    ".sq .sq-tip{fill:#e8ebee}\n"
    ".sq a:hover .sq-hit{fill:#8ec7ff}.sq a:focus-visible .sq-hit{stroke:#f0a400}\n"
    ".sq .sq-relayed .sq-wire,.sq .sq-relayed .sq-open{stroke:#8ec7ff}\n"
    ".sq .sq-cross,.sq .sq-wall,.sq .sq-lost .sq-wire,.sq .sq-refused .sq-wire{stroke:#ff8a8a}\n"
    ".sq .sq-refused .sq-tip,.sq .sq-flag{stroke:#ff8a8a;fill:#ff8a8a}.sq a.sq-wrong .sq-what{fill:#ff8a8a}\n"
    ".sq .sq-loose{stroke:#f0b866}\n"
    "}\n";
/* clang-format on */
