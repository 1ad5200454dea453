import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

/// How an alert was matched (beyond the original, amendment 8).
package struct AlertMatch: Sendable {
    let alert: Alert
    /// nil for a simulated alert that nothing was looked for.
    let record: AlertCaseStore.Case?
    private let verdict: StoredVerdict?

    init(alert: Alert, record: AlertCaseStore.Case?) {
        self.alert = alert
        self.record = record
        verdict = record.flatMap { StoredVerdict($0.verdict) }
    }

    private var outcome: MatchOutcomeWord { verdict?.outcome ?? .notSearched }
}

extension AlertMatch: WireObject {
    private static let shape = Shape<AlertMatch>(
        "AlertMatch",
        [
            .id("alert_id") { $0.alert.id }, .word("outcome") { $0.outcome },
            .word("confidence") { $0.verdict?.confidence },
            .boolean("is_set_by_hand") { $0.record?.isSetByHand ?? false },
            .id("integration_id") { $0.alert.state.integrationID },
            .text("integration_transaction_id") { $0.alert.state.integrationTransactionID },
            .time("judged_at") { $0.record?.judgedAt },
            .words("flags") { $0.verdict?.flags ?? [] },
            .integer("candidate_count") { $0.verdict?.candidateCount ?? 0 },
            .integer("margin") { $0.verdict?.margin },
            .list("candidates", StoredCandidate.shape) { $0.verdict?.candidates ?? [] },
            .whereThere("decision", RulesetDecision.shape) {
                $0.record?.decision.flatMap(RulesetDecision.init(stored:))
            },
        ])

    /// The match with its candidates, the best ones first.
    package static var answerSchema: AnswerSchema { shape.schema }

    /// Writes the object, which has no `links`.
    package func write(to json: inout JSONWriter, links: Bool) {
        Self.shape.write(self, to: &json, links: links)
    }
}

extension RulesetDecision {
    fileprivate static let shape = Shape<RulesetDecision>(
        "AlertDecision",
        [
            .id("ruleset_id") { $0.rulesetID }, .integer("ruleset_version") { $0.version },
            .word("outcome") { $0.outcome }, .boolean("is_carried_out") { $0.isCarriedOut },
            .list("rules", RuleFinding.shape) { $0.findings },
        ])
}

extension RuleFinding {
    fileprivate static let shape = Shape<RuleFinding>(
        "RuleFinding",
        [
            .id("rule_id") { $0.ruleID }, .word("type") { $0.type },
            .boolean("holds") { $0.holds }, .integer("amount_in_cents") { $0.amount },
            .text("descriptor") { $0.descriptor }, .word("obstacle") { $0.obstacle },
        ])
}

/// A verdict read back from where it is kept.
private struct StoredVerdict: Sendable {
    let outcome: MatchOutcomeWord
    let confidence: MatchConfidence?
    let flags: [MatchFlag]
    let candidateCount: Int64
    let margin: Int64?
    let candidates: [StoredCandidate]

    init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument.parse(bytes).root,
            let outcome = root["outcome"]?.string.flatMap(MatchOutcomeWord.init)
        else { return nil }
        self.outcome = outcome
        confidence = root["confidence"]?.string.flatMap(MatchConfidence.init)
        flags = StoredCandidate.flags(root)
        candidateCount = root["candidate_count"]?.integer ?? 0
        margin = root["margin"]?.integer
        candidates = root["candidates"]?.elements.map(StoredCandidate.init) ?? []
    }
}

/// A candidate as it was judged.
private struct StoredCandidate: Sendable {
    let value: JSONValue

    static func flags(_ value: JSONValue) -> [MatchFlag] {
        value["flags"]?.elements.compactMap { $0.string.flatMap(MatchFlag.init) } ?? []
    }

    private func text(_ name: String) -> String { value[name]?.string ?? "" }

    private var evidence: [StoredEvidence] {
        value["evidence"]?.elements.compactMap(StoredEvidence.init) ?? []
    }

    static let shape = Shape<StoredCandidate>(
        "MatchCandidate",
        [
            .id("integration_id") { IntegrationID(stored: $0.text("integration_id")) },
            .text("integration_transaction_id") { $0.text("integration_transaction_id") },
            .id("order_id") { OrderID(stored: $0.text("order_id")) },
            .integer("amount_in_cents") { $0.value["amount_in_cents"]?.integer },
            .text("currency") { $0.value["currency"]?.string },
            .time("authorised_at") {
                $0.value["authorised_at"]?.string.flatMap { Timestamp(iso8601: $0) }
            },
            .word("rule") { $0.value["rule"]?.string.flatMap(MatchRule.init) },
            .integer("score") { $0.value["score"]?.integer ?? 0 },
            .words("flags") { flags($0.value) },
            .list("evidence", StoredEvidence.shape) { $0.evidence },
        ])
}

/// What one field says.
private struct StoredEvidence: Sendable {
    let field: MatchField
    let result: Evidence

    init?(_ value: JSONValue) {
        guard let field = value["field"]?.string.flatMap(MatchField.init),
            let result = value["result"]?.string.flatMap(Evidence.init)
        else { return nil }
        self.field = field
        self.result = result
    }

    static let shape = Shape<StoredEvidence>(
        "MatchEvidence", [.word("field") { $0.field }, .word("result") { $0.result }])
}
