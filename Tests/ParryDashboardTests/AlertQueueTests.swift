import ParryDomain
import ParryStore
import ParryWire
import Testing

@testable import ParryDashboard

@Suite struct AlertQueueTests {
    @Test(
        "Time left is said in the two largest units that matter",
        arguments: [
            (0, "none", "bad"), (59, "under 1 min", "bad"), (60, "1 min", "bad"),
            (4 * 3_600 - 1, "3 h 59 min", "bad"), (4 * 3_600, "4 h 0 min", "warn"),
            (18_720, "5 h 12 min", "warn"), (12 * 3_600, "12 h 0 min", ""),
            (48 * 3_600, "2 d 0 h", ""), (-5, "none", "bad"),
        ] as [(Int64, String, String)])
    func timeLeft(seconds: Int64, text: String, tone: String) {
        let now = Timestamp(milliseconds: 1_000_000)
        let left = TimeLeft(until: now.adding(seconds: seconds), at: now)
        #expect(left.text == text)
        #expect(left.tone == tone)
    }

    @Test(
        "The open queue is sorted by deadline, every other view by arrival, unless the address says otherwise"
    )
    func order() {
        #expect(asked("").order == .deadline)
        #expect(asked("view=open").view == .open)
        #expect(asked("view=all").order == .newest)
        #expect(asked("view=all&sort=oldest").order == .oldest)
    }

    @Test("What cannot be read is ignored and named")
    func ignored() {
        let filter = asked("view=mine&received_from=yesterday&merchant=7&network=mastercard&q=")
        #expect(filter.view == .open)
        #expect(Set(filter.ignored) == ["view", "received_from", "merchant", "network"])
        #expect(!filter.isNarrowed)
    }

    @Test("Another tab keeps the filters, and neither page nor order")
    func tabs() {
        let filter = asked("view=open&q=club&sort=oldest&page=3&notice=acted&n=2")
        #expect(filter.query(of: .all) == "?view=all&q=club")
    }

    @Test(
        "The alerts of one enrolment are a filter that other tabs and files keep, and that can go")
    func enrolment() {
        let id = EnrolmentID.make(at: Timestamp(milliseconds: 1_000), slot: 1)
        let filter = asked("view=all&enrolment=\(id.text)&q=club")
        #expect(filter.enrolmentID == id && filter.stored.enrolmentID == id)
        #expect(filter.isNarrowed && filter.ignored.isEmpty)
        #expect(filter.query(of: .open).contains("enrolment=\(id.text)"))
        #expect(filter.kept.contains { $0.name == "enrolment" })
        #expect(filter.query(without: "enrolment") == "?view=all&q=club")
        #expect(asked("enrolment=7").ignored == ["enrolment"])
    }

    @Test(
        "A search is recognised by its form",
        arguments: [
            ("4242", "the last 4 of a card, or a transaction's reference"),
            ("123456", "an authorisation code, a BIN, or a transaction's reference"),
            ("74537505001000000000001", "an ARN"), ("49.00", "an amount, in any currency"),
            ("1,234.50 usd", "an amount"), ("EUR 5", "an amount"),
        ])
    func search(typed: String, meaning: String) {
        #expect(AlertSearch(typed)?.meaning == meaning)
    }

    @Test(
        "Other texts are looked for as they are",
        arguments: ["ACME*CLUB", "12345", "1.2.3", "1.", "5,0 USD"])
    func text(typed: String) {
        #expect(AlertSearch(typed) == .text(typed))
    }

    @Test("Nothing but white space is no search")
    func blank() {
        #expect(AlertSearch("  ") == nil)
    }

    @Test("A form of the queue names each alert once and comes back to the queue alone")
    func choice() throws {
        let id = AlertID.make(at: Timestamp(milliseconds: 1_000), slot: 1).text
        let choice = try AlertQueueChoice(
            FormFields(
                parsing:
                    "action=REFUND&id=\(id)&id=\(id)&id=nonsense&back=%3Fview%3Dall%26n%3D2%26q%3D%2F%2Fevil"
            ))
        #expect(choice.ids.map(\.text) == [id])
        #expect(choice.back == "/alerts?view=all&q=%2F%2Fevil")
        #expect(throws: Refusal.self) { try AlertQueueChoice(FormFields(parsing: "action=BURN")) }
    }

    private func asked(_ query: String) -> AlertQueueFilter {
        AlertQueueFilter(FormFields(parsing: query))
    }
}
