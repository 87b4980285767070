/* What Organization, Endpoint and Device can be searched by: those of IHE mCSD's ITI-90 that dk.ehmi.eer 2.0.1-draft
 * publishes, its own `messageType`, and FHIR R4's names for devices. */
#include "endpoint/rest_int.h"

const struct rest_parameter eer_parameters[] = {
    {"Organization", "active", REST_TOKEN, "active"},
    {"Organization", "name", REST_STRING, "name"},
    {"Organization", "partof", REST_REFERENCE, "partOf.reference"},
    {"Organization", "type", REST_TOKEN, "type"},
    {"Organization", "endpoint", REST_REFERENCE, "endpoint.reference"},
    {"Organization", "messageType", REST_TOKEN, "payloadType"},
    {"Endpoint", "organization", REST_REFERENCE, "managingOrganization.reference"},
    {"Endpoint", "status", REST_TOKEN, "status"},
    {"Endpoint", "name", REST_STRING, "name"},
    {"Endpoint", "connection-type", REST_TOKEN, "connectionType"},
    {"Endpoint", "payload-type", REST_TOKEN, "payloadType"},
    {"Device", "type", REST_TOKEN, "type"},
    {"Device", "status", REST_TOKEN, "status"},
    {"Device", "manufacturer", REST_STRING, "manufacturer"},
    {"Device", "device-name", REST_STRING, "deviceName.name | type.coding.display | type.text"},
    {"Device", "organization", REST_REFERENCE, "owner.reference"},
    {0},
};

const struct rest_chain rest_chains[] = {{"Organization", "messageType", "endpoint.reference"}, {0}};
