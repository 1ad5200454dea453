import Foundation
import Logging
import ParrySimulator
import ParryWire
import Testing

@Suite("The networks' ledger")
struct LedgerTests {
    private static func entry(_ subject: String, body: [UInt8]? = nil) -> LedgerEntry {
        LedgerEntry(.alertSent, .ethoca, subject: subject, at: SampleNetworks.start, body: body)
    }

    @Test("Entries are numbered from 1 and come in pages")
    func pages() {
        var ledger = NetworkLedger()
        for number in 1...25 { ledger.append(Self.entry("A\(number % 2)")) }
        var query = LedgerQuery()
        query.limit = 10
        var seen: [Int64] = []
        var next: Int64? = 0
        while let after = next {
            query.after = after
            let page = ledger.page(query)
            seen += page.entries.map(\.sequence)
            next = page.next
        }
        #expect(seen == Array(1...25))
        query = LedgerQuery()
        query.subject = "A0"
        query.after = 20
        #expect(ledger.page(query).entries.map(\.sequence) == [22, 24])
        query.kind = .protocolFault
        #expect(ledger.page(query).entries.isEmpty)
        query = LedgerQuery()
        query.network = .verifi
        #expect(ledger.page(query).entries.isEmpty)
        query.after = 99
        #expect(ledger.page(query).next == nil)
    }

    @Test("A page that just fits is the last one")
    func lastPage() {
        var ledger = NetworkLedger()
        for number in 1...3 { ledger.append(Self.entry("A\(number)")) }
        var query = LedgerQuery()
        query.limit = 3
        #expect(ledger.page(query).next == nil)
        query.limit = 2
        #expect(ledger.page(query).next == 2)
    }

    @Test("Memory is bounded by entries and by bytes, and counts stay")
    func bounded() {
        var few = NetworkLedger(entriesMax: 100)
        for number in 1...1_000 { few.append(Self.entry("A\(number)")) }
        #expect((80...100).contains(few.entries.count))
        #expect(few.entries.last?.sequence == 1_000)
        #expect(few.counts == [.alertSent: 1_000])
        var small = NetworkLedger(bodyBytesMax: 10_000)
        for _ in 1...1_000 {
            small.append(Self.entry("A", body: [UInt8](repeating: 32, count: 100)))
        }
        #expect((80...100).contains(small.entries.count))
        var query = LedgerQuery()
        query.after = 5
        #expect(few.page(query).entries.first?.sequence == few.entries.first?.sequence)
    }

    @Test("An entry is one line, whatever its body is, and can be read back")
    func lines() throws {
        let bodies: [[UInt8]?] = [
            nil, Array("{\n\t\"a\": \"b\\n\"\r\n}".utf8), Array("not JSON\n".utf8),
            [0xFF, 0x0A], Array(#""text""#.utf8),
        ]
        for body in bodies {
            var entry = Self.entry("A \"1\"", body: body)
            entry.sequence = 7
            entry.attempt = 2
            entry.exchange = 3
            entry.milliseconds = 12
            entry.status = 200
            entry.word = "FINAL"
            entry.note = "why"
            #expect(entry.line.filter { $0 == 0x0A }.count == 1)
            #expect(entry.line.last == 0x0A)
            var read = try #require(LedgerEntry(line: entry.line.dropLast()))
            #expect((read.body == nil) == (body == nil))
            read.body = nil
            entry.body = nil
            #expect(read == entry)
        }
        #expect(LedgerEntry(line: Array("{}".utf8)) == nil)
    }

    /// Networks with something of everything, done and undone.
    private static func busy(_ networks: inout SampleNetworks) throws {
        let enrolment = networks.take("POST", "/ethoca/descriptors", SampleNetworks.descriptors)
        let id = try #require(try enrolment.root()["enrolmentId"]?.string)
        _ = networks.state.due(
            .results(.ethoca, enrolmentID: id, [.final]), at: networks.now)
        _ = networks.state.sendNext()
        networks.state.misbehaviour.failedEnrolments = 1
        _ = networks.take(
            "POST", "/verifi/enrolments", #"{"requestId":"v","bin":"424242","caid":"A1"}"#)
        networks.push(["A", "B"])
        let lost = networks.state.push([SampleNetworks.alert("C")], at: networks.now).exchange
        let failure = PlatformReply(failure: "no answer", milliseconds: 1)
        _ = networks.state.conclude(lost, failure, at: networks.now)
        _ = networks.take(
            "POST", "/ethoca/outcomes",
            SampleNetworks.outcomes(
                SampleNetworks.outcome("A"), SampleNetworks.outcome("A", "OTHER"),
                SampleNetworks.outcome("X")))
        _ = networks.take("POST", "/ethoca/outcomes", "{}")
        _ = networks.state.ask(Array(#"{"decisionId":"D"}"#.utf8), at: networks.now)
        _ = networks.state.conclude(decision: "D", failure, at: networks.now)
        let notice = PlatformMessage(
            subject: "C1", body: Array(#"{"caseId":"C1"}"#.utf8), word: "ACCEPTED")
        _ = networks.state.open(.notifications, [notice], at: networks.now)
    }

    @Test("Networks that follow a ledger are the same networks again, and go on where they were")
    func restored() throws {
        var networks = SampleNetworks { $0.ledgerFile = "kept" }
        try Self.busy(&networks)
        let lines = networks.state.takeUnwritten().map(\.line)
        #expect(networks.state.takeUnwritten().isEmpty)
        var again = NetworkState(networks.state.settings)
        for line in lines { again.restore(try #require(LedgerEntry(line: line))) }
        #expect(again.summary == networks.state.summary)
        #expect(again.resume() == networks.state.resume())
        #expect(again.fate(ofAlert: "A") == networks.state.fate(ofAlert: "A"))
        // C again, both enrolments' results, the notice.
        #expect(again.resume().count == 4)
        let outcome = SampleNetworks.outcomes(SampleNetworks.outcome("A"))
        let request = NetworkRequest.ethocaOutcomes
        #expect(
            again.take(request, of: .ethoca, Array(outcome.utf8), at: networks.now)
                == networks.state.take(request, of: .ethoca, Array(outcome.utf8), at: networks.now))
    }

    @Test("The ledger file survives a restart, and a line that was cut off is dropped")
    func file() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "ledger-\(UInt64.random(in: 0 ... .max)).jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        var settings = NetworkSettings()
        settings.ledgerFile = url.path
        func desk() throws -> NetworkDesk {
            try NetworkDesk(settings, logger: Logger(label: "test")) { SampleNetworks.start }
        }
        func push(_ id: String, _ desk: NetworkDesk) {
            desk.change { state, now in
                _ = state.push([SampleNetworks.alert(id)], at: now)
                return ((), [])
            }
        }
        push("A", try desk())
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"sequence":2,"at":"20"#.utf8))
        try handle.close()
        push("B", try desk())
        let last = try desk()
        #expect(last.read { $0.ledger.entries.map(\.subject) } == ["A", "B"])
        #expect(last.read { $0.ledger.entries.map(\.sequence) } == [1, 2])
        #expect(last.read { $0.ethoca.alerts.unacknowledged } == ["A", "B"])
    }

    @Test(
        "A file that is no ledger is refused and left as it was",
        arguments: ["one\ntwo\nthree", "notes", "{}\n", "{\"sequence\":1}\n"])
    func strange(_ content: String) throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "ledger-\(UInt64.random(in: 0 ... .max)).jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(content.utf8).write(to: url)
        var settings = NetworkSettings()
        settings.ledgerFile = url.path
        #expect(throws: (any Error).self) {
            try NetworkDesk(settings, logger: Logger(label: "test")) { SampleNetworks.start }
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == content)
    }
}
