import Foundation
import ParryClient

/// Prints the open alerts, the most urgent first, with the time that is left for each.
@main
struct AlertQueue {
    static func main() async {
        do {
            try await show()
        } catch {
            // The text says what to do, and never has the key.
            FileHandle.standardError.write(Data("alert-queue: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func show() async throws(ClientError) {
        let parry = try client()
        var count = 0
        for try await alert in parry.alerts.list(status: .actionRequired, sort: .soonestDeadline) {
            if count == 0 { print(row("TIME LEFT", "AMOUNT IN CENTS", "ALERT", "DESCRIPTOR")) }
            count += 1
            // Both clocks are the platform's, so a wrong one here hides no deadline.
            print(line(alert, now: Date().timeIntervalSince1970 + offset(parry)))
        }
        if count == 0 { print("No alert waits for an action.") }
    }

    private static func client() throws(ClientError) -> ParryClient {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["PARRY_URL"], let key = environment["PARRY_KEY"] else {
            throw .misused("Set PARRY_URL (such as https://api.example.com) and PARRY_KEY (cbs_…).")
        }
        return try ParryClient(ClientConfiguration(baseURL: url, key: key))
    }

    private static func offset(_ parry: ParryClient) -> Double {
        Double(parry.clockOffsetSeconds ?? 0)
    }

    private static func line(_ alert: Alert, now: Double) -> String {
        let amount = alert.transactionAmountInCents.map {
            "\($0) \(alert.transactionCurrencyCode ?? "")"
        }
        let seconds = alert.actionRequiredDeadline.map { Double($0.milliseconds) / 1_000 - now }
        return row(
            seconds.map(timeLeft) ?? "no deadline", amount ?? "not told", "\(alert.id)",
            alert.transactionStatementDescriptor ?? "")
    }

    private static func timeLeft(_ seconds: Double) -> String {
        guard seconds >= 60 else { return seconds > 0 ? "under a minute" : "over" }
        let minutes = Int(min(seconds, 1e9)) / 60
        let hours = minutes / 60 % 24
        return minutes >= 1_440
            ? "\(minutes / 1_440) d \(hours) h" : "\(hours) h \(minutes % 60) min"
    }

    private static func row(
        _ left: String, _ amount: String, _ id: String, _ descriptor: String
    ) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        return padded(left, 16) + padded(amount, 18) + padded(id, 32) + descriptor
    }
}
