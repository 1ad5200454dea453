import NIOHTTP1
import ParryDomain
import ParryWire

/// Enrolments as the two networks take them (NETWORKS.md).
enum NetworkEnrolments {
    /// Sends one request to enrol, or to end an enrolment.
    static func send(
        _ request: ClaimedNetworkRequest, to network: CardNetwork, at base: String, token: String?,
        over client: NetworkClient
    ) async -> NetworkAnswer {
        guard let payload = try? JSONDocument.parse(Array(request.payload.utf8)).root else {
            return .final("the request's payload is not JSON")
        }
        let path = base + (network == .ethoca ? "/descriptors" : "/enrolments")
        guard request.kind == .enrol else {
            let id = payload["enrolment_network_id"]?.string ?? ""
            let reply = await client.send(.DELETE, path + "/" + id, token: token, body: nil)
            // What is not there any more is what was wanted.
            let isGone = reply.status.map { (200..<300).contains($0) || $0 == 404 } ?? false
            return isGone ? .taken(networkID: nil) : reply.answerOfFailure
        }
        let body = body(payload, id: request.id.text, network)
        let reply = await client.send(.POST, path, token: token, body: body)
        guard reply.status.map({ (200..<300).contains($0) }) == true else {
            return reply.answerOfFailure
        }
        let answer = try? JSONDocument.parse(reply.body).root
        guard let id = answer?["enrolmentId"]?.string else {
            return .recoverable("the answer has no enrolmentId")
        }
        return .taken(networkID: id)
    }

    private static func body(
        _ payload: JSONValue, id: String, _ network: CardNetwork
    ) -> [UInt8] {
        let asked = payload["configuration"]
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("requestId", id)
        switch network {
        case .ethoca:
            json.field("merchantName", payload["merchant_name"]?.string)
            json.key("descriptors")
            json.beginArray()
            for descriptor in asked?["descriptors"]?.elements.map(\.self) ?? [] {
                write(descriptor, to: &json)
            }
            json.endArray()
        case .verifi:
            if let arns = asked?["arns"] {
                json.field("arns", arns.elements.compactMap(\.string))
            } else {
                json.field("bin", asked?["bin"]?.string)
                json.field("caid", asked?["caid"]?.string)
            }
        }
        json.endObject()
        return json.bytes
    }

    private static func write(_ descriptor: JSONValue, to json: inout JSONWriter) {
        let isExact =
            descriptor["match_type"]?.string == DescriptorMatchType.exactMatch.rawValue
        json.beginObject()
        json.field("descriptor", descriptor["descriptor"]?.string)
        json.field("matchType", isExact ? "EXACT" : "STARTS_WITH")
        json.endObject()
    }
}
