#include "console/tables.h"

#include <stddef.h>

const char *const tables_statements[] = {
    /* settings.c: secrets and choices of this console, one a name */
    "CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    /* organisations.c */
    "CREATE TABLE IF NOT EXISTS organisations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " contact TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL)",
    /* Whose a run is. A run without a row is MedCom's own. */
    "CREATE TABLE IF NOT EXISTS run_owners (run TEXT PRIMARY KEY, organisation INTEGER NOT NULL"
    " REFERENCES organisations(id), system INTEGER NOT NULL DEFAULT 0)",
    /* systems.c: vendor files that organisations keep here */
    "CREATE TABLE IF NOT EXISTS systems (id INTEGER PRIMARY KEY, organisation INTEGER NOT NULL"
    " REFERENCES organisations(id), name TEXT NOT NULL, version TEXT NOT NULL, file TEXT NOT NULL,"
    " revision INTEGER NOT NULL DEFAULT 1, at INTEGER NOT NULL, UNIQUE(organisation, name, version))",
    /* system_certificates.c: the public part alone, in PEM; thumbprint is x5t#S256. Numbers are never used again: a
     * page that somebody has open names the one that it shows */
    "CREATE TABLE IF NOT EXISTS system_certificates (id INTEGER PRIMARY KEY AUTOINCREMENT, system INTEGER NOT NULL"
    " REFERENCES systems(id), thumbprint TEXT NOT NULL, pem TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,"
    " UNIQUE(system, thumbprint))",
    /* accounts.c; organisation 0: MedCom */
    "CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " full_name TEXT NOT NULL DEFAULT '', initials TEXT NOT NULL, role TEXT NOT NULL, organisation INTEGER NOT NULL,"
    " password TEXT NOT NULL, language TEXT NOT NULL DEFAULT '', closed INTEGER NOT NULL DEFAULT 0,"
    " at INTEGER NOT NULL)",
    /* sessions.c: token is the digest of what the cookie holds */
    "CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(id),"
    " began INTEGER NOT NULL, seen INTEGER NOT NULL)",
    /* invitations: a link that lets a person choose a password, once */
    "CREATE TABLE IF NOT EXISTS invitations (token TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(id),"
    " until INTEGER NOT NULL)",
    /* camps.c: test camps; digest and frozen_at of a task are empty until it is frozen */
    "CREATE TABLE IF NOT EXISTS camps (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, place TEXT NOT NULL,"
    " starts TEXT NOT NULL, ends TEXT NOT NULL, at INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS camp_tasks (camp INTEGER NOT NULL REFERENCES camps(id), protocol TEXT NOT NULL,"
    " version TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '', frozen_at INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (camp, protocol))",
    /* What was frozen before it was frozen anew. Rows are added only */
    "CREATE TABLE IF NOT EXISTS camp_freezes (id INTEGER PRIMARY KEY, camp INTEGER NOT NULL REFERENCES camps(id),"
    " protocol TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, frozen_at INTEGER NOT NULL, until INTEGER "
    "NOT"
    " NULL, by TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS camp_members (camp INTEGER NOT NULL REFERENCES camps(id), system INTEGER NOT NULL"
    " REFERENCES systems(id), PRIMARY KEY (camp, system))",
    "CREATE TABLE IF NOT EXISTS camp_slots (id INTEGER PRIMARY KEY, camp INTEGER NOT NULL REFERENCES camps(id),"
    " starts TEXT NOT NULL, place TEXT NOT NULL, system INTEGER NOT NULL REFERENCES systems(id), protocol TEXT NOT "
    "NULL,"
    " tester TEXT NOT NULL)",
    /* campaigns.c: every system that is approved for a standard has to be tested anew */
    "CREATE TABLE IF NOT EXISTS campaigns (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, standard TEXT NOT NULL,"
    " protocol TEXT NOT NULL, due TEXT NOT NULL, at INTEGER NOT NULL)",
    /* inspection.c; act: submitted, returned, signed; verdict: of notes that were made before revisions were events.
     * Rows are added only */
    "CREATE TABLE IF NOT EXISTS review_acts (id INTEGER PRIMARY KEY, run TEXT NOT NULL, act TEXT NOT NULL,"
    " text TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS review_notes (id INTEGER PRIMARY KEY, run TEXT NOT NULL, step TEXT NOT NULL,"
    " verdict TEXT NOT NULL, text TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL)",
    /* inspection.c: who looks through the queue asks for each run */
    "CREATE INDEX IF NOT EXISTS review_acts_run ON review_acts (run)",
    "CREATE INDEX IF NOT EXISTS review_notes_run ON review_notes (run)",
    /* cards_kept.c; another column makes it a table of another name: what was kept is read again */
    "DROP TABLE IF EXISTS run_cards",
    "CREATE TABLE IF NOT EXISTS cards (run TEXT PRIMARY KEY, events INTEGER NOT NULL, protocol TEXT NOT NULL,"
    " digest TEXT NOT NULL, role TEXT NOT NULL, standard TEXT NOT NULL, standard_version TEXT NOT NULL, vendor TEXT "
    "NOT NULL,"
    " system TEXT NOT NULL, system_version TEXT NOT NULL, mode TEXT NOT NULL, title_en TEXT NOT NULL,"
    " title_da TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, last_at INTEGER NOT NULL,"
    " verdict INTEGER NOT NULL, steps INTEGER NOT NULL, judged INTEGER NOT NULL, failed INTEGER NOT NULL,"
    " waits_medcom INTEGER NOT NULL, waits_vendor INTEGER NOT NULL, paused INTEGER NOT NULL,"
    " certifiable INTEGER NOT NULL, received INTEGER NOT NULL)",
    NULL};
