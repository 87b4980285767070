"""Documents of testcamp read by what is not ours: the ZIP, XML, CSV and JSON readers of Python, and rules that were
written down from the standards. usage: check.py KIND FILE... ; prints what it found, exit code 1 at the first fault.

  zip FILE             an OPC package (ECMA-376 part 2): parts, content types, relationships
  xlsx FILE            that, and SpreadsheetML; prints the rows, cells with tabs between them
  csv FILE             RFC 4180 with semicolons; prints the rows the same way
  docx TEMPLATE FILE   that, and nothing but the document differs from the template, and in it only text of cells
  junit FILE           the JUnit XML of Jenkins and GitLab
  sarif FILE           SARIF 2.1.0
  testreport FILE      FHIR R4 TestReport
  schema SCHEMA FILE   JSON by a JSON Schema
"""
import csv, importlib.util, json, posixpath, re, sys, urllib.parse, zipfile
import xml.etree.ElementTree as E

def need(ok, why):
    if not ok:
        print("fault:", why)
        sys.exit(1)

def local(tag):
    return tag.rsplit("}", 1)[-1]

def tree(data, name):
    need(b"<!DOCTYPE" not in data, f"{name} has a DOCTYPE")
    try:
        return E.fromstring(data)
    except E.ParseError as e:
        need(False, f"{name} is not well-formed: {e}")

# ---- packages ----

TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

def source_of(rels):
    """The part that a part of relationships is about; "" for the package."""
    folder, name = posixpath.split(rels)
    return posixpath.join(posixpath.dirname(folder), name[: -len(".rels")]) if name != ".rels" else ""

def package(path):
    z = zipfile.ZipFile(path)
    need(z.testzip() is None, "a part is damaged")
    names = z.namelist()
    need(len(names) == len({n.lower() for n in names}), "a part is there twice")
    for n in names:
        need(not n.startswith("/") and ".." not in n.split("/") and "\\" not in n, f"{n}: no name of a part")
    parts = {n: z.read(n) for n in names}
    types = tree(parts["[Content_Types].xml"], "[Content_Types].xml")
    need(types.tag == TYPES + "Types", "content types of another namespace")
    defaults = {d.get("Extension").lower(): d.get("ContentType") for d in types.iter(TYPES + "Default")}
    overrides = {o.get("PartName"): o.get("ContentType") for o in types.iter(TYPES + "Override")}
    for name in overrides:
        need(name.startswith("/") and name[1:] in parts, f"a content type for {name}, which is not there")
    for n, data in parts.items():
        if n == "[Content_Types].xml" or n.endswith("/"):
            continue
        kind = overrides.get("/" + n) or defaults.get(n.rsplit(".", 1)[-1].lower())
        need(kind, f"{n} has no content type")
        if kind.endswith("xml"):
            tree(data, n)
    relations = {}
    for n, data in parts.items():
        if not n.endswith(".rels"):
            continue
        source = source_of(n)
        need(not source or source in parts, f"{n} is about {source}, which is not there")
        ids = {}
        for r in tree(data, n).iter(RELS + "Relationship"):
            need(r.get("Id") not in ids, f"{n}: two relationships {r.get('Id')}")
            need(r.get("Type", "").startswith("http"), f"{n}: a relationship without a type")
            target = r.get("Target")
            if r.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join(posixpath.dirname(source), target)).lstrip("/")
                need(target in parts, f"{n}: {target} is not there")
            ids[r.get("Id")] = (r.get("Type"), target)
        relations[source] = ids
    need(any(t.endswith("/officeDocument") for t, _ in relations.get("", {}).values()), "no document in the package")
    return parts, relations

# ---- workbooks ----

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

def column(ref):
    n = 0
    for c in re.match(r"[A-Z]+", ref).group():
        n = n * 26 + ord(c) - 64
    return n

def cell_text(c, shared, formats):
    kind = c.get("t", "n")
    need(c.find(S + "f") is None, f"{c.get('r')} is a formula")
    need(int(c.get("s", 0)) < max(formats, 1), f"{c.get('r')} has a style that there is not")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in c.iter(S + "t"))
    value = c.findtext(S + "v", "")
    if kind == "s":
        need(int(value) < len(shared), f"{c.get('r')}: no shared string {value}")
        return shared[int(value)]
    return value

def workbook(path):
    parts, relations = package(path)
    main = next(t for k, t in relations[""].values() if k.endswith("/officeDocument"))
    book = tree(parts[main], main)
    need(book.tag == S + "workbook", "no workbook")
    shared = formats = 0
    strings = [t for k, t in relations[main].values() if k.endswith("/sharedStrings")]
    styles = [t for k, t in relations[main].values() if k.endswith("/styles")]
    shared = [] if not strings else ["".join(t.text or "" for t in si.iter(S + "t")) for si in tree(parts[strings[0]], "strings")]
    if styles:
        formats = len(tree(parts[styles[0]], "styles").find(S + "cellXfs"))
    seen, rows = set(), []
    for s in book.iter(S + "sheet"):
        need(0 < len(s.get("name")) <= 31 and not re.search(r"[\[\]:*?/\\]", s.get("name")), f"{s.get('name')}: no name of a sheet")
        need(s.get("sheetId") not in seen, "a sheet twice")
        seen.add(s.get("sheetId"))
        kind, target = relations[main][s.get("{%s}id" % OFFICE)]
        need(kind.endswith("/worksheet"), "a sheet that is no worksheet")
        last = 0
        order = [local(x.tag) for x in tree(parts[target], target)]
        known = ["sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "pageMargins", "pageSetup"]
        need(order == [k for k in known if k in order], f"{target}: {order} is not the order of the schema")
        for row in tree(parts[target], target).iter(S + "row"):
            need(int(row.get("r")) > last, "rows that do not follow each other")
            last, cells, at = int(row.get("r")), [], 0
            for c in row:
                need(c.get("r").endswith(row.get("r")) and column(c.get("r")) > at, f"{c.get('r')} is in the wrong place")
                cells += [""] * (column(c.get("r")) - at - 1)
                at = column(c.get("r"))
                cells.append(cell_text(c, shared, formats))
            rows.append(cells)
    need(seen, "no sheet")
    return rows

def show(rows):
    need(rows and all(len(r) == len(rows[0]) for r in rows), "rows of different lengths")
    for r in rows:
        print("\t".join(c.replace("\t", " ").replace("\n", " ") for c in r))

def check_xlsx(path):
    rows = workbook(path)
    show(rows)
    if importlib.util.find_spec("openpyxl"):
        import openpyxl
        sheet = openpyxl.load_workbook(path).worksheets[0]
        need([[c or "" for c in r] for r in sheet.iter_rows(values_only=True)] == rows, "openpyxl reads other rows")
        print("openpyxl agrees", file=sys.stderr)
    else:
        print("skipped: openpyxl is not there", file=sys.stderr)

def check_csv(path):
    data = open(path, "rb").read().decode("utf-8-sig")
    show(list(csv.reader(data.splitlines(keepends=True), delimiter=";", strict=True)))

# ---- documents ----

def texts_out(node):
    """The document with the paragraphs of its table cells left out: what must stay."""
    kept = [local(node.tag), sorted(node.attrib.items()), node.text or "", node.tail or ""]
    for c in node:
        if local(node.tag) != "tc" or local(c.tag) != "p":
            kept.append(texts_out(c))
    return kept

def check_docx(template, path):
    before, _ = package(template)
    after, relations = package(path)
    main = next(t for k, t in relations[""].values() if k.endswith("/officeDocument"))
    need(list(before) == list(after), "other parts, or in another order")
    for n in before:
        need(n == main or before[n] == after[n], f"{n} is not as it was")
    need(texts_out(tree(before[main], main)) == texts_out(tree(after[main], main)), "more than text of cells was changed")
    for row in tree(after[main], main).iter():
        if local(row.tag) == "tr":
            print("\t".join("".join(t.text or "" for t in c.iter() if local(t.tag) == "t") for c in row if local(c.tag) == "tc"))

# ---- JUnit ----

def check_junit(path):
    root = tree(open(path, "rb").read(), path)
    need(root.tag == "testsuites", "the root is testsuites")
    sums = dict(tests=0, failures=0, errors=0, skipped=0)
    for suite in root:
        need(suite.tag == "testsuite" and suite.get("name"), "a testsuite has a name")
        tags = [c.tag for c in suite]
        need(tags == sorted(tags, key=["properties", "testcase", "system-out", "system-err"].index), "order within a testsuite")
        for p in suite.iter("property"):
            need(p.get("name") and p.get("value") is not None, "a property has a name and a value")
        need(not suite.get("timestamp") or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp")), "timestamp")
        own = dict(tests=0, failures=0, errors=0, skipped=0)
        for case in suite.iter("testcase"):
            need(case.get("name") and case.get("classname"), "a testcase has a name and a classname")
            need(float(case.get("time")) >= 0, "a testcase has a time")
            kinds = [c.tag for c in case]
            known = ["skipped", "error", "failure", "system-out", "system-err"]
            need(all(k in known for k in kinds) and len(set(kinds)) == len(kinds), f"{kinds} within a testcase")
            need(sum(k in known[:3] for k in kinds) <= 1 and kinds == sorted(kinds, key=known.index), "one outcome, first")
            for c in case:
                need(c.tag != "skipped" or (not (c.text or "").strip() and c.get("message")), "skipped has only a message")
                need(c.tag not in ("failure", "error") or (c.get("message") and c.get("type") and c.text), "a failure tells what")
                if c.tag in ("failure", "error"):
                    need("testcamp repeat " in c.text, "a failure tells how it is played again")
            own["tests"] += 1
            for kind, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
                own[name] += kind in kinds
        for name, n in own.items():
            need(int(suite.get(name)) == n, f"{suite.get('name')}: {name}")
            sums[name] += n
    for name, n in sums.items():
        need(int(root.get(name)) == n, name)
    print(sums)

# ---- SARIF ----

def sarif_location(l):
    p = l.get("physicalLocation")
    if p:
        uri = p["artifactLocation"]["uri"]
        need(re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", uri) and not re.search("%(?![0-9A-F]{2})", uri), f"{uri} is no URI")
        urllib.parse.urlsplit(uri)
        need(all(v >= 1 for v in p.get("region", {}).values()), "a region counts from 1")
        need(not p.get("region") or "startLine" in p["region"], "a region has a line")
    for x in l.get("logicalLocations", []):
        need(x.get("fullyQualifiedName"), "a logical location has a name")
    need(p or l.get("logicalLocations") or l.get("message"), "an empty location")

def check_sarif(path):
    log = json.load(open(path, encoding="utf-8"))
    need(log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json"), "version")
    results = 0
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        need(driver["name"] and driver["version"], "a driver has a name and version")
        ids = [r["id"] for r in driver["rules"]]
        need(len(ids) == len(set(ids)), "a rule twice")
        for r in driver["rules"]:
            need(r["shortDescription"]["text"] and r["defaultConfiguration"]["level"] in ("none", "note", "warning", "error"), r["id"])
        for t in run.get("translations", []):
            need([r["id"] for r in t["rules"]] == ids and re.fullmatch("[a-z]{2}(-[A-Z]{2})?", t["language"]), "translations")
        for r in run["results"]:
            need(r["level"] in ("none", "note", "warning", "error") and r["message"]["text"], "a result has a level and message")
            need(r["kind"] in ("pass", "open", "informational", "notApplicable", "review", "fail"), r["kind"])
            need(r["kind"] == "fail" or r["level"] == "none", "a level is of failures only (3.27.10)")
            need("ruleIndex" not in r or ids[r["ruleIndex"]] == r["ruleId"], "the index is of another rule")
            need(r["properties"]["again"].startswith("testcamp "), "a result tells how it is found again")
            marks = [l["id"] for l in r.get("relatedLocations", []) if "id" in l]
            need(len(marks) == len(set(marks)), "related locations of one id")
            for l in r["locations"] + r.get("relatedLocations", []):
                sarif_location(l)
            results += 1
        for i in run["invocations"]:
            need(isinstance(i["executionSuccessful"], bool), "an invocation tells how it ended")
            for n in i.get("toolExecutionNotifications", []):
                need(n["message"]["text"] and n["level"] in ("none", "note", "warning", "error"), "a notification")
    print(results, "results")

# ---- TestReport (R4: http://hl7.org/fhir/R4/testreport.html) ----

def check_testreport(path):
    r = json.load(open(path, encoding="utf-8"))
    known = {"resourceType", "identifier", "name", "status", "testScript", "result", "score", "tester", "issued", "participant", "test"}
    need(set(r) <= known, f"elements that there are not: {set(r) - known}")
    need(r["resourceType"] == "TestReport" and r["status"] in ("completed", "in-progress", "waiting", "stopped", "entered-in-error"), "status")
    need(r["result"] in ("pass", "fail", "pending") and r["testScript"], "result and testScript")
    need("score" not in r or 0 <= r["score"] <= 100, "score")
    for p in r["participant"]:
        need(p["type"] in ("test-engine", "client", "server") and p["uri"], "a participant has a type and URI")
    actions = 0
    for t in r.get("test", []):
        need(t["action"], "a test has an action")
        for a in t["action"]:
            need(len(a) == 1 and set(a) <= {"operation", "assert"}, "an action is one of the two")
            (body,) = a.values()
            need(body["result"] in ("pass", "skip", "fail", "warning", "error"), "result of an action")
            need(body["result"] not in ("fail", "error") or "testcamp repeat " in body["message"], "a failure tells how it is played again")
            actions += 1
    def strings(x):
        for v in x.values() if isinstance(x, dict) else x if isinstance(x, list) else []:
            need(v not in ("", [], {}) and not (isinstance(v, str) and v != v.strip()), "an element that is empty")
            strings(v)
    strings(r)
    print(actions, "actions")

# ---- JSON Schema: what of draft 7 ours use; the package jsonschema beside it, where it is there ----

KINDS = {"string": str, "object": dict, "array": list, "boolean": bool}

def valid(schema, whole, x, at):
    while "$ref" in schema:
        schema = whole["definitions"][schema["$ref"].rsplit("/", 1)[-1]]
    known = {"$schema", "$id", "title", "description", "type", "properties", "additionalProperties", "required", "items", "enum", "definitions"}
    need(set(schema) <= known, f"words that this reader does not know: {set(schema) - known}")
    kind = schema.get("type")
    if kind == "integer":
        need(isinstance(x, int) and not isinstance(x, bool), f"{at} is no whole number")
    elif kind:
        need(isinstance(x, KINDS[kind]), f"{at} is no {kind}")
    need("enum" not in schema or x in schema["enum"], f"{at}: {x!r}")
    for name in schema.get("required", []):
        need(name in x, f"{at} has no {name}")
    if isinstance(x, dict):
        for k, v in x.items():
            own = schema.get("properties", {}).get(k, schema.get("additionalProperties", True))
            need(own is not False, f"{at}.{k} is not in the schema")
            if own is not True:
                valid(own, whole, v, f"{at}.{k}")
    if isinstance(x, list) and "items" in schema:
        for i, v in enumerate(x):
            valid(schema["items"], whole, v, f"{at}[{i}]")

def check_schema(schema, path):
    s, x = (json.load(open(f, encoding="utf-8")) for f in (schema, path))
    valid(s, s, x, "record")
    if importlib.util.find_spec("jsonschema"):
        import jsonschema
        jsonschema.Draft7Validator.check_schema(s)
        jsonschema.Draft7Validator(s).validate(x)
        print("jsonschema agrees", file=sys.stderr)
    else:
        print("skipped: jsonschema is not there", file=sys.stderr)
    print("valid")

kinds = {"zip": lambda f: print(*package(f)[0], sep="\n"), "xlsx": check_xlsx, "csv": check_csv, "docx": check_docx,
         "junit": check_junit, "sarif": check_sarif, "testreport": check_testreport, "schema": check_schema}
try:
    kinds[sys.argv[1]](*sys.argv[2:])
except (KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, csv.Error) as e:
    need(False, f"{type(e).__name__}: {e}")
