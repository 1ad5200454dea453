import ParryDomain
import ParryWire
import Testing

@Suite("What networks say of enrolments")
struct EnrolmentNetworkTests {
    private static let now = Timestamp(milliseconds: 1_771_322_400_000)

    private func enrolment() -> Enrolment {
        var enrolment = Enrolment.create(
            .ethocaAlert(
                ["ACMEFIT", "ACMEGYM"].map {
                    EnrolledDescriptor(text: $0, matchType: .startsWith, status: .pending)
                }), merchantIDs: [.make(at: Self.now, slot: 7)],
            organisationID: .make(at: Self.now, slot: 7), now: Moment(Self.now))
        enrolment.submitted(now: Self.now)
        return enrolment
    }

    private func statuses(_ enrolment: Enrolment) -> [EnrolmentStatus] {
        guard case .ethocaAlert(let descriptors) = enrolment.configuration else { return [] }
        return descriptors.map(\.status)
    }

    private func apply(
        _ results: [(String, DescriptorResult.Verdict)], to enrolment: inout Enrolment
    ) {
        enrolment.apply(
            results.map { DescriptorResult(descriptor: $0.0, verdict: $0.1) }, now: Self.now)
    }

    @Test("It is enabled when all have passed, in one result or in several")
    func passed() {
        var enrolment = enrolment()
        #expect(enrolment.status == .inProgress)
        apply([("ACMEFIT", .passed)], to: &enrolment)
        #expect(enrolment.status == .inProgress)
        #expect(statuses(enrolment) == [.enabled, .inProgress])
        apply([("acme gym", .passed)], to: &enrolment)
        #expect(enrolment.status == .enabled)
        #expect(enrolment.note == nil)
    }

    @Test("A late word that it is pending takes nothing back")
    func latePending() {
        var enrolment = enrolment()
        apply([("ACMEFIT", .passed)], to: &enrolment)
        apply([("ACMEFIT", .pending), ("ACMEGYM", .pending)], to: &enrolment)
        #expect(statuses(enrolment) == [.enabled, .inProgress])
        apply([("ACMEGYM", .passed)], to: &enrolment)
        #expect(enrolment.status == .enabled)
        apply([("ACMEGYM", .failed(reason: "TAKEN"))], to: &enrolment)
        #expect(enrolment.status == .enabled)
    }

    @Test("One that failed needs attention, and a later result of another does not hide it")
    func failed() throws {
        var enrolment = enrolment()
        apply([("ACMEFIT", .failed(reason: "TOO_GENERIC"))], to: &enrolment)
        #expect(enrolment.status == .actionRequired)
        apply([("ACMEGYM", .passed)], to: &enrolment)
        #expect(enrolment.status == .actionRequired)
        #expect(enrolment.note?.contains("\"ACMEFIT\" is too generic") == true)
        apply([("ACMEGYM", .failed(reason: "TAKEN"))], to: &enrolment)
        let note = try #require(enrolment.note)
        #expect(note.contains("ACMEFIT") && note.contains("\"ACMEGYM\" is enrolled elsewhere"))
        apply([("ACMEFIT", .passed), ("ACMEGYM", .passed)], to: &enrolment)
        #expect(enrolment.status == .enabled)
    }

    @Test("A result without anything that is known changes nothing")
    func nothing() {
        var enrolment = enrolment()
        apply([("ACMEFIT", .failed(reason: nil))], to: &enrolment)
        let before = enrolment
        apply([], to: &enrolment)
        apply([("OTHER", .passed)], to: &enrolment)
        #expect(enrolment == before)
    }

    @Test("An enrolment that has ended hears no network")
    func ended() throws {
        var enrolment = enrolment()
        try enrolment.set(.failed, note: "by hand", now: Self.now)
        apply([("ACMEFIT", .passed), ("ACMEGYM", .passed)], to: &enrolment)
        enrolment.apply(.enabled, now: Self.now)
        #expect(enrolment.status == .failed)
        #expect(throws: EnrolmentError.isFinal(.failed)) {
            try enrolment.set(.enabled, note: nil, now: Self.now)
        }
    }
}
