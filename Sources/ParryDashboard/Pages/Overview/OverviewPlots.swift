import ParryStore
import ParryWire

/// The drawings of the overview.
enum OverviewPlots {
    static func all(
        _ numbers: OverviewNumbers, _ issuers: [StatisticsStore.IssuerCount]
    ) -> [Plot] {
        [
            outcomes(numbers), pace(numbers), matchRate(numbers), levels(numbers),
            self.issuers(issuers),
        ]
    }

    private static let kinds: [(outcome: AlertTally.Outcome, label: String, style: String)] = [
        (.refunded, "Refunded", "s1"),
        (.notRefunded, "Not refunded by a person, key or rule", "s2"),
        (.expired, "Expired at the deadline", "s3"),
        (.invalid, "Invalid", "s4"),
        (.open, "Still open", "s5"),
    ]

    private static func outcomes(_ numbers: OverviewNumbers) -> Plot {
        Plot(
            columns: numbers.days.map(\.date),
            kinds.map { kind in
                PlotSeries(
                    label: kind.label, style: kind.style,
                    values: numbers.days.map { $0.count(kind.outcome) })
            }, id: "outcomes", title: "Alerts by day and outcome",
            summary: "One bar for each day on which alerts were received, divided by what became "
                + "of them: "
                + kinds.map { "\($0.label.lowercased()) \(Money.count(numbers.count($0.outcome)))" }
                .joined(separator: ", ") + ".",
            head: "Received on")
    }

    private static func pace(_ numbers: OverviewNumbers) -> Plot {
        let paces = AlertTally.Pace.allCases.filter {
            $0 != .longer || numbers.paces[$0, default: 0] > 0
        }
        let counts = paces.map { numbers.paces[$0] ?? 0 }
        let passed = paces.map { $0 == .deadlinePassed }
        var plot = Plot(
            columns: paces.map(\.label),
            [
                PlotSeries(
                    label: "Decided in time", style: "s1",
                    values: zip(counts, passed).map { $1 ? 0 : $0 }),
                PlotSeries(
                    label: "Deadline passed", style: "s3",
                    values: zip(counts, passed).map { $1 ? $0 : 0 }),
            ], id: "pace", title: "Time to decision",
            summary: "How long alerts with a deadline were open before they were decided. "
                + "\(shareText(numbers.paces[.deadlinePassed] ?? 0, of: numbers.paced)) of them "
                + "passed their deadline.",
            head: "Hours", namesAll: true)
        plot.note =
            "Hours from the receipt. Alerts without a deadline and invalid ones are left out."
        return plot
    }

    private static func matchRate(_ numbers: OverviewNumbers) -> Plot {
        Plot(
            days: numbers.days.map(\.date), numbers.days.map { ($0.searched, $0.matched) },
            id: "match-rate", title: "Match rate by day",
            summary: "The share of alerts whose sale was found, day by day; over all days "
                + "\(shareText(numbers.matched, of: numbers.searched)).",
            labels: (of: "Sale looked for", count: "Sale found"))
    }

    private static func levels(_ numbers: OverviewNumbers) -> Plot {
        let rows = MatchLevel.allCases.map { level in
            let count = numbers.levels[level] ?? 0
            return PlotRow(
                label: level.label, length: Double(count),
                text: "\(Money.count(count)) (\(shareText(count, of: numbers.searched)))",
                cells: [Money.count(count), shareText(count, of: numbers.searched)],
                style: level.isMatched ? "s1" : "s4")
        }
        return Plot(
            rows: rows, id: "levels", title: "How sure matches are",
            summary: "How many alerts were matched to a sale by how strong evidence, and how many "
                + "were not.",
            head: "Evidence", columns: ["Alerts", "Share"])
    }

    private static func issuers(_ issuers: [StatisticsStore.IssuerCount]) -> Plot {
        let rows = issuers.map { issuer in
            let share = shareText(issuer.invalid, of: issuer.alerts)
            return PlotRow(
                label: issuer.issuer ?? "Not told",
                length: issuer.alerts == 0
                    ? 0 : Double(issuer.invalid) / Double(issuer.alerts),
                text: "\(share) of \(Money.count(issuer.alerts))",
                cells: [Money.count(issuer.alerts), Money.count(issuer.invalid), share],
                style: "s3")
        }
        var plot = Plot(
            rows: rows, id: "issuers", title: "Invalid share by issuer",
            summary: "Of each of the ten issuers with the most alerts, the share that was invalid.",
            head: "Issuer", columns: ["Alerts", "Invalid", "Share"])
        plot.note = "The issuers with the most alerts."
        return plot
    }

    /// nil where there are no enrolments.
    static func funnel(_ counts: StatisticsStore.EnrolmentCounts) -> Plot? {
        guard counts.all > 0 else { return nil }
        func row(_ label: String, _ count: Int64, _ style: String = "s1") -> PlotRow {
            PlotRow(
                label: label, length: Double(count),
                text: "\(Money.count(count)) (\(shareText(count, of: counts.all)))",
                cells: [Money.count(count), shareText(count, of: counts.all)], style: style)
        }
        func now(_ statuses: EnrolmentStatus...) -> Int64 {
            statuses.reduce(0) { $0 + (counts.statuses[$1] ?? 0) }
        }
        var plot = Plot(
            rows: [
                row("Created", counts.all),
                row("On their way", now(.pending, .inProgress), "s2"),
                row("Action required", now(.actionRequired), "s3"),
                row("Enabled once", counts.enabledOnce),
                row("Enabled now", now(.enabled)),
                row("Paused", now(.paused), "s4"),
                row("Failed", now(.failed), "s3"),
                row("Cancelled", now(.cancelled), "s4"),
                row("Unenrolled", now(.unenrolled), "s4"),
            ], id: "funnel", title: "Enrolments",
            summary: "How far all enrolments of the account have come.", head: "State",
            columns: ["Enrolments", "Share"])
        plot.note =
            counts.medianMilliseconds.map {
                "Median time until an enrolment was enabled: \(DurationText.text($0))."
            } ?? "None has been enabled yet."
        return plot
    }
}

extension AlertTally.Pace {
    /// In hours.
    fileprivate var label: String {
        switch self {
        case .underOneHour: "< 1"
        case .underFourHours: "1–4"
        case .underTwelveHours: "4–12"
        case .underOneDay: "12–24"
        case .underTwoDays: "24–48"
        case .longer: "> 48"
        case .deadlinePassed: "passed"
        }
    }
}

extension MatchLevel {
    fileprivate var label: String {
        switch self {
        case .exact: "Exact"
        case .high: "High"
        case .low: "Low"
        case .byHand: "Chosen by a person"
        case .ambiguous: "Several fit"
        case .none: "No sale found"
        }
    }
}
