import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import ParryWire

/// The partner's own word about an alert: a program that gets the question on standard input and answers on standard
/// output, or a POST. Both speak JSON (docs/partner-guide.md).
struct DecisionHook: Sendable {
    let settings: HookSettings
    let http: HTTPClient
    /// Environment variables that a program does not get to see.
    let hiddenNames: [String]

    /// The most that is read of an answer.
    private static let answerBytesMax = 65_536

    /// Asks what to do about an alert.
    ///
    /// - Throws: ``PartnerError`` that says what the hook did; it is asked again.
    func decide(_ alert: AlertCase, in environment: EnvironmentSettings) async throws
        -> HookDecision
    {
        let question = Question(step: "decide", alert, environment)
        return try HookAnswer(try await ask(question.json())).decision()
    }

    /// Lets the hook refund, once: the refund intent's id is the idempotency key.
    func refund(_ alert: AlertCase, in environment: EnvironmentSettings) async throws -> HookRefund
    {
        let question = Question(step: "refund", alert, environment)
        return try HookAnswer(try await ask(question.json())).refund()
    }

    private func ask(_ question: [UInt8]) async throws -> [UInt8] {
        try await withTimeout {
            switch settings.target {
            case .command(let words):
                try await HookProgram(
                    words: words, folder: settings.folder, hiddenNames: hiddenNames,
                    answerBytesMax: Self.answerBytesMax
                ).ask(question)
            case .url(let url): try await post(url, question)
            }
        }
    }

    private func post(_ url: String, _ question: [UInt8]) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(question)
        do {
            let response = try await http.execute(
                request, timeout: .seconds(settings.timeoutSeconds))
            let body = try await response.body.collect(upTo: Self.answerBytesMax)
            guard 200..<300 ~= response.status.code else {
                throw PartnerError("the hook answered with status \(response.status.code)")
            }
            return Array(buffer: body)
        } catch let error as PartnerError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw PartnerError("the hook at \(url) did not answer: \(error)")
        }
    }

    /// A hook that takes longer is ended, or left.
    private func withTimeout(
        _ body: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(settings.timeoutSeconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let answer = first else {
                throw PartnerError("the hook took longer than \(settings.timeoutSeconds) s")
            }
            return answer
        }
    }
}

/// What the hook is asked.
private struct Question {
    let step: String
    let alert: AlertCase
    let environment: EnvironmentSettings

    init(step: String, _ alert: AlertCase, _ environment: EnvironmentSettings) {
        self.step = step
        self.alert = alert
        self.environment = environment
    }

    func json() -> [UInt8] {
        var json = JSONWriter(capacity: alert.document.count + 512)
        json.beginObject()
        json.key("step")
        json.string(step)
        json.key("environment")
        json.string(environment.name)
        json.key("mode")
        json.string(environment.mode.rawValue)
        json.key("alert")
        json.raw(alert.document)
        if step == "refund" { refund(&json) }
        json.endObject()
        return json.bytes
    }

    private func refund(_ json: inout JSONWriter) {
        json.key("refund")
        json.beginObject()
        for (name, value) in [
            ("idempotency_key", alert.refundIntentID), ("integration_id", alert.integrationID),
            ("transaction_reference_id", alert.transactionReference), ("currency", alert.currency),
        ] {
            json.key(name)
            if let value { json.string(value) } else { json.null() }
        }
        json.key("amount_in_cents")
        if let amount = alert.amount { json.integer(amount) } else { json.null() }
        json.endObject()
    }
}

/// What the hook did when it was asked to refund.
enum HookRefund: Sendable, Hashable {
    /// The money went back; the reference is the refund's.
    case refunded(reference: String?)
    /// It did not, and will not.
    case refused(reason: String)
}

/// What the hook wrote.
struct HookAnswer {
    private let root: JSONValue

    init(_ bytes: [UInt8]) throws {
        guard let root = try? JSONDocument.parse(bytes).root, root.kind == .object else {
            throw PartnerError("the hook's answer is no JSON object")
        }
        self.root = root
    }

    func decision() throws -> HookDecision {
        guard let verdict = root["decision"]?.string.flatMap(HookDecision.Verdict.init) else {
            throw PartnerError("the hook's decision has to be refund, accept or leave")
        }
        return HookDecision(
            verdict: verdict, note: try text("note"), integrationID: try text("integration_id"),
            transactionReference: try text("transaction_reference_id"), amount: try amount(),
            currency: try text("currency"))
    }

    /// What is there and is no text is no mistake to guess about: money hangs on it.
    private func text(_ name: String) throws -> String? {
        guard let value = root[name], !value.isNull else { return nil }
        guard let text = value.string else {
            throw PartnerError("the hook's \(name) has to be a text")
        }
        return text
    }

    private func amount() throws -> Int64? {
        guard let value = root["amount_in_cents"], !value.isNull else { return nil }
        guard let amount = value.integer, amount >= 1 else {
            throw PartnerError("the hook's amount_in_cents has to be a whole number from 1 on")
        }
        return amount
    }

    func refund() throws -> HookRefund {
        switch root["refunded"]?.boolean {
        case true?: .refunded(reference: try text("refund_reference_id"))
        case false?: .refused(reason: try text("reason") ?? "the hook did not refund")
        case nil: throw PartnerError("the hook's answer to refund needs refunded: true or false")
        }
    }
}
