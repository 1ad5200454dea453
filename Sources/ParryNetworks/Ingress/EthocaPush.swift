import Logging
import ParryDomain
import ParryService
import ParryWire

/// One push of Ethoca's: each alert is taken in by itself, several at a time, and acknowledged only when it is
/// durable.
struct EthocaPush {
    let intake: NetworkIntake
    let mode: AccountMode
    let logger: Logger
    let clock: @Sendable () -> Timestamp

    func take(_ body: [UInt8]) async throws -> [UInt8] {
        let items: [EthocaAlertReader.Item]
        do throws(EthocaAlertReader.Fault) {
            items = try EthocaAlertReader.read(body)
        } catch {
            throw NetworkFault(sentence: error.sentence)
        }
        var errors = [String?](repeating: nil, count: items.count)
        await withTaskGroup(of: (Int, String?).self) { group in
            var next = 0
            while next < min(Limits.alertsTakenInAtOnceMax, items.count) {
                add(next, items, to: &group)
                next += 1
            }
            while let (index, error) = await group.next() {
                errors[index] = error
                if next < items.count { add(next, items, to: &group) }
                next += 1
            }
        }
        var answer = EthocaAcknowledgements()
        for (item, error) in zip(items, errors) { answer.append(item.alertID, error: error) }
        return answer.finish()
    }

    private func add(
        _ index: Int, _ items: [EthocaAlertReader.Item],
        to group: inout TaskGroup<(Int, String?)>
    ) {
        group.addTask { (index, await take(items[index])) }
    }

    /// What the caller sent in place of an id may be anything.
    static func loggable(_ id: String) -> String {
        CardNumber.appears(in: id) ? "-" : String(id.prefix(64))
    }

    /// - Returns: What is wrong, nil when the alert is durable.
    private func take(_ item: EthocaAlertReader.Item) async -> String? {
        let alert: NetworkAlert
        switch item.alert {
        case .success(let read): alert = read
        case .failure(let fault):
            logger.warning(
                "an alert was refused",
                metadata: [
                    "alert_id": "\(Self.loggable(item.alertID))", "reason": "\(fault.sentence)",
                ])
            return fault.sentence
        }
        do {
            let fate = try await intake.receive(alert, body: item.body, mode: mode, now: clock())
            if fate == .unrouted {
                logger.warning(
                    "an alert belongs to no enrolment; it is kept",
                    metadata: ["alert_id": "\(Self.loggable(alert.networkID))"])
            }
            return nil
        } catch {
            logger.error(
                "an alert was not taken in",
                metadata: ["alert_id": "\(Self.loggable(alert.networkID))", "error": "\(error)"])
            return "The alert was not stored. Send it again."
        }
    }
}
