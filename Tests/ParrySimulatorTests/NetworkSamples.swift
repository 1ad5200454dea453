import ParrySimulator
import ParryWire

/// Networks at a time that tests choose, driven as the platform and the clock drive them.
struct SampleNetworks {
    static let start = Timestamp(milliseconds: 1_771_324_200_000)

    var state: NetworkState
    var now = Self.start

    init(_ change: (inout NetworkSettings) -> Void = { _ in }) {
        var settings = NetworkSettings()
        settings.repush.attemptsMax = 3
        change(&settings)
        state = NetworkState(settings)
    }

    /// A request of the platform.
    mutating func take(_ method: String, _ path: String, _ body: String = "") -> NetworkStep {
        state.take(
            NetworkRequest(method: method, path: path),
            of: path.hasPrefix("/ethoca") ? .ethoca : .verifi, Array(body.utf8), at: now)
    }

    /// Pushes alerts, and the platform acknowledges them.
    mutating func push(_ ids: [String], type: String = "CUSTOMERDISPUTE") {
        let exchange = state.push(ids.map { Self.alert($0, type: type, at: now) }, at: now).exchange
        _ = state.conclude(exchange, Self.acknowledged(ids), at: now)
    }

    /// From here on the outcomes of an alert are answered like this, as a play wants it.
    mutating func wish(_ answer: Play.OutcomeAnswer, _ id: String) {
        let truth = AlertTruth(
            network: .ethoca, alertID: id, transactionReferenceID: nil, reason: "",
            isDecidable: true, validity: .valid)
        state.wish(answer, for: Play(scenario: .cleanMatch, steps: [], truth: [truth]))
    }

    static func alert(
        _ id: String, type: String = "CUSTOMERDISPUTE", at time: Timestamp = start
    ) -> PlatformMessage {
        let body =
            #"{"alertId":"\#(id)","alertType":"\#(type)","alertTimestamp":"\#(time.iso8601)"}"#
        return PlatformMessage(subject: id, body: Array(body.utf8))
    }

    static func acknowledged(_ ids: [String], failed: [String] = []) -> PlatformReply {
        let good = ids.map { #"{"alertId":"\#($0)","status":"SUCCESS","error":null}"# }
        let bad = failed.map { #"{"alertId":"\#($0)","status":"FAILURE","error":"full"}"# }
        let list = (good + bad).joined(separator: ",")
        return reply(#"{"status":"success","acknowledgements":[\#(list)]}"#)
    }

    static func reply(
        _ body: String, status: Int = 200, milliseconds: Int64 = 5
    ) -> PlatformReply {
        PlatformReply(status: status, body: Array(body.utf8), milliseconds: milliseconds)
    }

    /// One outcome as the platform tells it.
    static func outcome(
        _ id: String, _ word: String = "RESOLVED", amount: String = "49.00",
        comments: String = "null"
    ) -> String {
        """
        {"alertId":"\(id)","outcome":"\(word)","refundStatus":"REFUNDED","amount":"\(amount)",\
        "currency":"USD","timestamp":"2026-02-17T11:00:00Z","comments":\(comments)}
        """
    }

    static func outcomes(_ outcomes: String...) -> String {
        #"{"outcomes":[\#(outcomes.joined(separator: ","))]}"#
    }

    static let descriptors = """
        {"requestId":"r1","merchantName":"Acme","descriptors":[
        {"descriptor":"ACMEFIT MONTHLY","matchType":"EXACT"}]}
        """
}

extension NetworkStep {
    var text: String { String(decoding: answer.body, as: UTF8.self) }

    func root() throws -> JSONValue { try JSONDocument.parse(answer.body).root }
}

extension NetworkAnswer {
    func root() throws -> JSONValue { try JSONDocument.parse(body).root }
}
