import ParryDomain
import ParryStore
import ParryWire
import Testing

@testable import ParryDashboard

struct WebhookPagesTests {
    @Test("JSON gets lines and indents, and what stands in its texts stays as it is")
    func indents() {
        let text = #"{"a":[1,{"b":"x, {y}: \"z\""}],"c":{},"d":[],"e":null}"#
        #expect(
            JSONText.indented(text) == """
                {
                  "a": [
                    1,
                    {
                      "b": "x, {y}: \\"z\\""
                    }
                  ],
                  "c": {},
                  "d": [],
                  "e": null
                }
                """)
    }

    @Test(
        "The end of a range covers the day, minute or second that it names",
        arguments: [
            ("2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T23:59:59.999Z"),
            ("2026-11-22T10:30", "2026-11-22T10:30:00Z", "2026-11-22T10:30:59.999Z"),
            ("2026-11-22T10:30:15", "2026-11-22T10:30:15Z", "2026-11-22T10:30:15.999Z"),
            ("2026-11-22T10:30:15Z", "2026-11-22T10:30:15Z", "2026-11-22T10:30:15Z"),
        ])
    func ranges(text: String, first: String, last: String) {
        #expect(TimeRange.time(text, isEnd: false)?.iso8601 == first)
        #expect(TimeRange.time(text, isEnd: true)?.iso8601 == last)
    }

    @Test("A range that cannot be read, or ends before it begins, is ignored with a note")
    func unreadableRange() {
        let range = TimeRange(FormFields(parsing: "from=yesterday&to=2026-11-22"))
        #expect(range.from == nil)
        #expect(range.to != nil)
        #expect(range.ignored == ["from"])
        let reversed = TimeRange(FormFields(parsing: "from=2026-11-23&to=2026-11-22"))
        #expect(reversed.to == nil)
        #expect(reversed.ignored.count == 1)
    }

    @Test(
        "What is due for longer than the breaker's pause is held back, unless the endpoint is paused"
    )
    func states() {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let late = now.adding(seconds: -120)
        #expect(StateChip(isPaused: false, dueSince: nil, now: now).label == "Active")
        #expect(StateChip(isPaused: false, dueSince: now, now: now).label == "Active")
        #expect(StateChip(isPaused: false, dueSince: late, now: now).label == "Held back")
        #expect(StateChip(isPaused: true, dueSince: late, now: now).label == "Paused")
    }

    @Test(
        "An endpoint whose receiver does not take what is sent is failing, and so says each delivery"
    )
    func failing() {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let chip = StateChip(isPaused: false, refused: "12", dueSince: now, now: now)
        #expect(chip.label == "Failing")
        #expect(chip.sentence?.contains("not taken: 12.") == true)
        #expect(StateChip(isPaused: true, refused: "12", dueSince: now, now: now).label == "Paused")
        func delivery(_ state: DeliveryState, _ attempts: Int64) -> Delivery {
            Delivery(
                id: .make(at: now, slot: 1), eventID: .make(at: now, slot: 1),
                endpointID: .make(at: now, slot: 1), state: state, attemptCount: attempts,
                nextAttemptAt: nil, createdAt: now)
        }
        #expect(StateChip(delivery(.pending, 0)).label == "Waiting")
        #expect(StateChip(delivery(.pending, 1)).label == "Not taken yet")
        #expect(StateChip(delivery(.failed, 6)).label == "Failed")
    }

    @Test("The log goes on behind a delivery that the address names; what is none is told")
    func deliveryQuery() {
        let id = DeliveryID.make(at: Timestamp(milliseconds: 1_800_000_000_000), slot: 1)
        func query(_ text: String) -> DeliveryQuery {
            DeliveryQuery(FormFields(parsing: text))
        }
        let filter = query("type=alert.created&behind=\(id)").filter
        #expect(filter.behind == id)
        #expect(filter.eventType == .alertCreated)
        #expect(filter.createdFrom == nil)
        #expect(query("state=gone&type=x&behind=y").ignored == ["state", "type", "behind"])
    }
}
