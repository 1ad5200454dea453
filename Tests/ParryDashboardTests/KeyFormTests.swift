import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("The form of a new key")
struct KeyFormTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let partner = PartnerID.make(at: now, slot: 0)
    private static let group = PartnerGroupID.make(at: now, slot: 0)
    private static let organisation = OrganisationID.make(at: now, slot: 7)

    private static func seat(_ owner: Owner, _ mode: AccountMode = .test) -> Seat {
        Seat(
            owner: owner, role: .partnerAdministrator, mode: mode, name: "Pay GmbH",
            partnerName: "Pay GmbH")
    }

    private static let atPartner = seat(.adminGroup(group, partner: partner))
    private static let atOrganisation = seat(.organisation(organisation, partner: partner))

    private static func read(
        _ fields: [(name: String, value: String)], at seat: Seat = atPartner
    ) throws -> KeyService.Draft {
        try KeyDraft(seat: seat, now: now).read(FormFields(fields))
    }

    private static func wrong(
        _ fields: [(name: String, value: String)], at seat: Seat = atPartner
    ) -> [String] {
        do {
            _ = try read(fields, at: seat)
            return []
        } catch let errors as FormErrors {
            return errors.fields.map(\.field)
        } catch {
            return ["\(error)"]
        }
    }

    private static let good = [
        (name: "name", value: "Upload"), (name: "owner", value: group.text),
        (name: "ability", value: "orders:write"),
    ]

    @Test("Says all that is wrong at once")
    func everythingWrong() {
        let fields = [
            (name: "owner", value: "ptnr_x"), (name: "ability", value: "orders:burn"),
            (name: "expiry", value: "date"), (name: "expires_on", value: "soon"),
        ]
        #expect(Self.wrong(fields) == ["name", "owner", "ability", "expires_on"])
    }

    @Test("Adds what every key has")
    func always() throws {
        let draft = try Self.read(Self.good)
        #expect(draft.abilities == [.ordersWrite, .integrationsRead, .integrationsWrite])
        #expect(draft.expiresAt == nil)
    }

    @Test("A last day counts whole, and must not be past")
    func lastDay() throws {
        let day = [(name: "expiry", value: "date"), (name: "expires_on", value: "2027-01-31")]
        let draft = try Self.read(Self.good + day)
        #expect(draft.expiresAt == Timestamp(iso8601: "2027-02-01T00:00:00Z"))
        let past = [(name: "expiry", value: "date"), (name: "expires_on", value: "2020-02-30")]
        #expect(Self.wrong(Self.good + past) == ["expires_on"])
        let old = [(name: "expiry", value: "date"), (name: "expires_on", value: "2020-02-29")]
        #expect(Self.wrong(Self.good + old) == ["expires_on"])
    }

    @Test("An organisation's key has nothing that is for partners, wherever it is made")
    func levels() {
        let foreign = [(name: "name", value: "Key"), (name: "ability", value: "merchants:read")]
        #expect(Self.wrong(foreign, at: Self.atOrganisation) == ["ability"])
        let owned = foreign + [(name: "owner", value: Self.organisation.text)]
        #expect(Self.wrong(owned) == ["ability"])
    }

    @Test("An organisation's account makes its own keys, whatever owner is sent")
    func ownOwner() throws {
        let draft = try Self.read(Self.good, at: Self.atOrganisation)
        guard case .organisation(Self.organisation) = draft.owner else {
            Issue.record("The key belongs to another")
            return
        }
    }

    @Test("LIVE has no simulations")
    func live() {
        let seat = Self.seat(.adminGroup(Self.group, partner: Self.partner), .live)
        let fields = Self.good + [(name: "ability", value: "simulations:alerts")]
        #expect(Self.wrong(fields, at: seat) == ["ability"])
        #expect(Self.wrong(fields) == [])
    }

    @Test("Every ability is offered in one group, but for those of every key")
    func groups() {
        let shown = KeyAbilities.groups.flatMap(\.abilities)
        #expect(Set(shown).count == shown.count)
        #expect(Set(shown) == Set(Ability.allCases).subtracting(Ability.always))
    }

    @Test("Presets have what the guide lists and the account can use")
    func presets() {
        let test = KeyAbilities.offered(isPartnerLevel: true, .test)
        let live = KeyAbilities.offered(isPartnerLevel: true, .live)
        let onboarding = KeyPreset.onboarding.abilities(among: test)
        #expect(onboarding.count == 15)
        #expect(onboarding.contains(.simulationsEnrolments))
        #expect(KeyPreset.onboarding.abilities(among: live).count == 13)
        let own = KeyAbilities.offered(isPartnerLevel: false, .test)
        #expect(KeyPreset.steady.abilities(among: own).count == 5)
    }
}
