/* The attachments that the reference vendor can send: one small valid file of each permitted type, and a link. */
#include "refvendor/refvendor_int.h"

const struct rv_file rv_files[] = {
    {.kind = "pdf",
     .mime = "application/pdf",
     .title = "Prøvesvar",
     .data = "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2Vz"
             "L0tpZHNbMyAwIFJdL0NvdW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFsw"
             "IDAgNTk1IDg0Ml0vUmVzb3VyY2VzPDwvRm9udDw8L0YxIDUgMCBSPj4+Pi9Db250ZW50cyA0IDAgUj4+ZW5kb2JqCjQgMCBv"
             "Ymo8PC9MZW5ndGggMTA4Pj5zdHJlYW0KQlQgL0YxIDE4IFRmIDQwIDc4MCBUZCAoVGVzdCByZXN1bHRzIC8gUHJvZXZlc3Zh"
             "cikgVGogMCAtMjggVGQgKFN5bnRoZXRpYyB0ZXN0IGRhdGEuIE5vYm9keSBpcyBtZWFudC4pIFRqIEVUCmVuZHN0cmVhbWVu"
             "ZG9iago1IDAgb2JqPDwvVHlwZS9Gb250L1N1YnR5cGUvVHlwZTEvQmFzZUZvbnQvSGVsdmV0aWNhPj5lbmRvYmoKeHJlZgow"
             "IDYKMDAwMDAwMDAwMCA2NTUzNSBmIAowMDAwMDAwMDA5IDAwMDAwIG4gCjAwMDAwMDAwNTIgMDAwMDAgbiAKMDAwMDAwMDEw"
             "MSAwMDAwMCBuIAowMDAwMDAwMjExIDAwMDAwIG4gCjAwMDAwMDAzNjUgMDAwMDAgbiAKdHJhaWxlcjw8L1NpemUgNi9Sb290"
             "IDEgMCBSPj4Kc3RhcnR4cmVmCjQyNgolJUVPRgo="},
    {.kind = "png",
     .mime = "image/png",
     .title = "Billede af sår",
     .data = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM4cecDVsQwtCQAboilAZYF9WoAAAAASUVORK5C"
             "YII="},
    {.kind = "gif", .mime = "image/gif", .title = "Skitse", .data = "R0lGODlhAQABAIAAAMjc8AAAACwAAAAAAQABAAACAkQBADs="},
    {.kind = "jpeg",
     .mime = "image/jpeg",
     .title = "Foto af hudområde",
     .data = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"
             "EBAQEBAQEBAQEBAQEBAQEBD/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAA"
             "AAD/2gAIAQEAAD8AP//Z"},
    {.kind = "tiff",
     .mime = "image/tiff",
     .title = "Scannet henvisning",
     .data = "SUkqAAgAAAAIAAABAwABAAAACAAAAAEBAwABAAAACAAAAAIBAwABAAAACAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQAAABEB"
             "BAABAAAAbgAAABYBAwABAAAACAAAABcBBAABAAAAQAAAAAAAAADS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS"
             "0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS"},
    {.kind = "bmp",
     .mime = "image/bmp",
     .title = "Skærmbillede",
     .data = "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAAATCwAAEwsAAAAAAAAAAAAA8NzI8NzIAADw3Mjw3MgAAA=="},
    {.kind = "url", .title = "Vejledning til borgeren", .url = "https://example.org/vejledning"},
};
const size_t rv_files_n = sizeof rv_files / sizeof rv_files[0];

/* Who writes: synthetic persons. The roles are codes of medcom-core-PractitionerRolesSKSadministrativ. */
const struct rv_user rv_users[] = {
    {"Karla", "Testesen", "sygeplejerske", "+4512345678"},
    {"Villads", "Prøvegaard", "overlaege", "+4587654321"},
    {"Signe", "Eksempelholm", "fysioterapeut", "+4511223344"},
};
const size_t rv_users_n = sizeof rv_users / sizeof rv_users[0];
