import Foundation
import ParryDatabase
import ParryDomain
import ParryNetworks
import ParryServer
import ParryService
import ParryWire

/// Matches every Ethoca alert of a world and counts how it went.
struct MatchingEvaluation {
    let world: EvaluationWorld
    let database: any Database
    let mode: MatchingMode

    /// What is true of an alert.
    private struct Truth {
        let scenario: String
        let organisation: OrganisationID
        let reference: String?
        let isDecidable: Bool
    }

    func run() async throws -> MatchingTally {
        var truths: [String: Truth] = [:]
        for line in try world.lines("truth.jsonl") {
            guard let id = line["alert_id"]?.string,
                let organisation = line["organisation_id"]?.string
            else {
                throw Settings.Invalid(
                    "truth.jsonl is of another version; generate the world again")
            }
            truths[id] = Truth(
                scenario: line["reason"]?.string ?? "", organisation: .init(stored: organisation),
                reference: line["transaction_reference_id"]?.string,
                isDecidable: line["is_decidable"]?.boolean ?? false)
        }
        let trial = MatchingTrial(database: database, mode: mode)
        var tally = MatchingTally()
        var seen: Set<String> = []
        for line in try world.lines("alerts.jsonl") {
            guard line["network"]?.string == "ethoca", let message = line["message"] else {
                continue
            }
            let push = Array(#"{"alerts":["#.utf8) + message.raw + Array("]}".utf8)
            guard let alert = try EthocaAlertReader.read(push).first?.alert.get(),
                seen.insert(alert.networkID).inserted, let truth = truths[alert.networkID]
            else { continue }
            let started = ContinuousClock.now
            let verdict = try await trial.match(
                alert, of: world.merchants[truth.organisation] ?? [], in: truth.organisation)
            tally.took(ContinuousClock.now - started)
            tally.count(
                verdict, isRight: verdict.reference == truth.reference, truth.scenario,
                hasSale: truth.reference != nil, isDecidable: truth.isDecidable)
        }
        return tally
    }
}

/// How often matching was right, wrong or unsure.
struct MatchingTally {
    private struct Counts {
        var alerts = 0
        /// Alerts whose sale the data can tell.
        var decidable = 0
        /// Of those, found.
        var found = 0
        var matched = 0
        var wrong = 0
        /// Wrong ones that say EXACT or HIGH.
        var wrongAndSure = 0
        var ambiguous = 0
        /// Matches of alerts whose sale was never uploaded.
        var invented = 0

        init() {}

        init(
            _ verdict: MatchingTrial.Verdict, isRight: Bool, hasSale: Bool, isDecidable: Bool
        ) {
            let isMatch = verdict.outcome == .matched
            let isSure = verdict.confidence == "EXACT" || verdict.confidence == "HIGH"
            alerts = 1
            decidable = hasSale && isDecidable ? 1 : 0
            found = hasSale && isDecidable && isMatch && isRight ? 1 : 0
            matched = isMatch ? 1 : 0
            wrong = isMatch && !isRight ? 1 : 0
            wrongAndSure = isMatch && !isRight && isSure ? 1 : 0
            invented = isMatch && !hasSale ? 1 : 0
            ambiguous = verdict.outcome == .ambiguous ? 1 : 0
        }

        mutating func add(_ other: Counts) {
            alerts += other.alerts
            decidable += other.decidable
            found += other.found
            matched += other.matched
            wrong += other.wrong
            wrongAndSure += other.wrongAndSure
            invented += other.invented
            ambiguous += other.ambiguous
        }
    }

    private var scenarios: [String: Counts] = [:]
    private var all = Counts()
    private var times: [Double] = []

    mutating func took(_ duration: Duration) {
        times.append(duration / .milliseconds(1))
    }

    mutating func count(
        _ verdict: MatchingTrial.Verdict, isRight: Bool, _ scenario: String, hasSale: Bool,
        isDecidable: Bool
    ) {
        let one = Counts(
            verdict, isRight: isRight, hasSale: hasSale, isDecidable: isDecidable)
        scenarios[scenario, default: Counts()].add(one)
        all.add(one)
    }

    /// One JSON object a line: each scenario, then all.
    func writeOut() throws {
        for (scenario, counts) in scenarios.sorted(by: { $0.key < $1.key }) {
            try printLine { write(counts, scenario, to: &$0) }
        }
        let sorted = times.sorted()
        try printLine { json in
            write(all, "all", to: &json)
            json.field("p50_in_us", quantile(0.5, of: sorted))
            json.field("p99_in_us", quantile(0.99, of: sorted))
        }
    }

    private func quantile(_ share: Double, of sorted: [Double]) -> Int64? {
        guard !sorted.isEmpty else { return nil }
        return Int64(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 1_000)
    }

    private func write(_ counts: Counts, _ scenario: String, to json: inout JSONWriter) {
        json.field("scenario", scenario)
        json.field("alerts", counts.alerts)
        json.field("decidable", counts.decidable)
        json.field("found", counts.found)
        json.field("matched", counts.matched)
        json.field("wrong", counts.wrong)
        json.field("wrong_exact_or_high", counts.wrongAndSure)
        json.field("invented", counts.invented)
        json.field("ambiguous", counts.ambiguous)
        json.field("recall_in_percent", percent(counts.found, of: counts.decidable))
        json.field(
            "precision_in_percent", percent(counts.matched - counts.wrong, of: counts.matched))
    }

    /// With two decimals, as text: JSON has no exact decimals.
    private func percent(_ part: Int, of whole: Int) -> String? {
        guard whole > 0 else { return nil }
        let hundredths = part * 10_000 / whole
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
