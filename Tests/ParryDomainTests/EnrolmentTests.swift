import ParryDomain
import ParryWire
import Testing

@Suite("Enrolments and organisations")
struct EnrolmentTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)

    private func enrolment() -> Enrolment {
        Enrolment.create(
            .ethocaAlert([
                .init(text: "A", matchType: .startsWith, status: .pending),
                .init(text: "B", matchType: .exactMatch, status: .pending),
            ]), merchantIDs: [.make(at: now, slot: 1)], organisationID: .make(at: now, slot: 1),
            now: Moment(now))
    }

    @Test("Cancelling a pending enrolment sets status and note; a second time is refused")
    func cancel() throws {
        var enrolment = enrolment()
        try enrolment.cancel(now: now)
        #expect(enrolment.status == .cancelled)
        #expect(enrolment.note == "Enrolment cancelled via API request")
        #expect(throws: EnrolmentError.notPending(.cancelled)) { try enrolment.cancel(now: now) }
    }

    @Test("Enabling enables every descriptor; un-enrolling can be undone, cancelling cannot")
    func simulate() throws {
        var enrolment = enrolment()
        try enrolment.simulate(.enabled, now: now)
        guard case .ethocaAlert(let descriptors) = enrolment.configuration else {
            Issue.record("the configuration changed its kind")
            return
        }
        #expect(descriptors.map(\.status) == [.enabled, .enabled])
        try enrolment.simulate(.unenrolled, now: now)
        try enrolment.simulate(.enabled, now: now)
        #expect(enrolment.status == .enabled)
        var cancelled = self.enrolment()
        try cancelled.cancel(now: now)
        #expect(throws: EnrolmentError.isFinal(.cancelled)) {
            try cancelled.simulate(.enabled, now: now)
        }
    }

    @Test(
        "A Verifi identifier is BIN and CAID, or ARNs, and nothing between",
        arguments: [
            (VerifiCase(bin: "424242", caid: "ACMEFITCAID01"), true),
            (VerifiCase(bin: "42424242", caid: " a1 "), true),
            (VerifiCase(arns: ["74027012345678901234567"]), true),
            (VerifiCase(bin: "424242"), false), (VerifiCase(caid: "A"), false),
            (VerifiCase(), false), (VerifiCase(arns: []), false),
            (VerifiCase(arns: ["7402701234567890123456"]), false),
            (VerifiCase(bin: "42424", caid: "A"), false),
            (VerifiCase(bin: "4242425x", caid: "A"), false),
            (VerifiCase(bin: "424242", caid: "ABCDEFGHIJKLMNOPQ"), false),
            (VerifiCase(bin: "424242", caid: "AÉ"), false),
            (VerifiCase(bin: "424242", caid: "A", arns: ["74027012345678901234567"]), false),
        ])
    func verifi(_ verifi: VerifiCase, _ isValid: Bool) {
        let identifier = try? VerifiIdentifier(
            bin: verifi.bin, caid: verifi.caid, arns: verifi.arns)
        #expect((identifier != nil) == isValid)
    }

    @Test(
        "TEST organisations carry their mark once",
        arguments: [("Acme", "[TEST] Acme"), ("[TEST] Acme", "[TEST] Acme")])
    func mark(_ name: String, _ stored: String) {
        let partner = Partner(id: .make(at: now, slot: 0), name: "P", mode: .test, createdAt: now)
        var organisation = Organisation.create(name: name, partner: partner, now: now)
        #expect(organisation.name == stored)
        let isRenamed = organisation.rename(name, now: now)
        #expect(!isRenamed)
        #expect(organisation.name == stored)
        let live = Partner(id: .make(at: now, slot: 0), name: "P", mode: .live, createdAt: now)
        #expect(Organisation.create(name: name, partner: live, now: now).name == name)
    }
}

/// What a caller sends as `verifi_rdr`.
struct VerifiCase: Sendable {
    var bin: String?
    var caid: String?
    var arns: [String]?
}
