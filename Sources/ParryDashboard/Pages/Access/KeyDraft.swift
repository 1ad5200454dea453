import ParryDomain
import ParryService
import ParryWire

/// Reads the form of a new key.
struct KeyDraft: Sendable {
    /// Judges the name as all names are judged.
    private static let request = ObjectSchema(
        "KeyCreate", [Field.text("name", RequestLimits.name, .required).declaration])

    /// The words of the choice when a key ends; the numbers are days.
    static let expiries = ["none", "30", "90", "365", "date"]

    /// Goes on after a field that is wrong.
    private struct Reading {
        private(set) var errors: [(field: String, message: String)] = []

        mutating func take<Value>(_ value: () throws -> Value) throws -> Value? {
            do {
                return try value()
            } catch let error as FormErrors {
                errors += error.fields
                return nil
            }
        }
    }

    /// A time, or none.
    private struct End {
        let time: Timestamp?
    }

    let seat: Seat
    let now: Timestamp

    /// What the form asks for.
    ///
    /// - Throws: ``FormErrors``, all at once.
    func read(_ form: FormFields) throws -> KeyService.Draft {
        var reading = Reading()
        let name = try reading.take { try Self.name(form) }
        let owner = try reading.take { try self.owner(form) }
        let abilities = try reading.take { try self.abilities(form, of: owner) }
        let end = try reading.take { try self.end(form) }
        guard let name, let owner, let abilities, let end else {
            throw FormErrors(reading.errors)
        }
        return KeyService.Draft(name: name, owner: owner, abilities: abilities, expiresAt: end.time)
    }

    private static func name(_ form: FormFields) throws -> String {
        let name = form.text("name")
        _ = try request.decode([("name", .text(name))])
        return name ?? ""
    }

    private func owner(_ form: FormFields) throws -> KeyOwner {
        if case .organisation(let id, _) = seat.owner { return .organisation(id) }
        let text = form.text("owner") ?? ""
        if let id = PartnerGroupID(text) { return .group(id) }
        if let id = OrganisationID(text) { return .organisation(id) }
        throw FormErrors([("owner", "must be a group or an organisation of this account")])
    }

    private func abilities(_ form: FormFields, of owner: KeyOwner?) throws -> Set<Ability> {
        let words = form.all("ability")
        let chosen = Set(words.compactMap { Ability(rawValue: $0) })
        guard chosen.count == Set(words).count else {
            throw FormErrors([("ability", "must be of those that are shown")])
        }
        guard !chosen.isEmpty else {
            throw FormErrors([("ability", "needs one box at least")])
        }
        var isPartnerLevel = true
        if case .organisation? = owner { isPartnerLevel = false }
        let offered = KeyAbilities.offered(isPartnerLevel: isPartnerLevel, seat.mode)
        let foreign = chosen.subtracting(offered).map(\.rawValue).sorted()
        guard foreign.isEmpty else {
            let list = foreign.joined(separator: ", ")
            let reason = isPartnerLevel ? "a LIVE account" : "an organisation's key"
            throw FormErrors([("ability", "cannot have what \(reason) cannot use: \(list)")])
        }
        return chosen.union(Ability.always)
    }

    /// When the key ends; a day counts whole, in UTC.
    private func end(_ form: FormFields) throws -> End {
        let word = form.text("expiry") ?? "none"
        if word == "none" { return End(time: nil) }
        if Self.expiries.contains(word), let days = Int64(word) {
            return End(time: now.adding(seconds: days * 86_400))
        }
        let start = Timestamp(iso8601: (form.text("expires_on") ?? "") + "T00:00:00Z")
        guard word == "date", let end = start?.adding(seconds: 86_400) else {
            throw FormErrors([("expires_on", "must be a day as 2027-01-31")])
        }
        guard end > now else { throw FormErrors([("expires_on", "must not be past")]) }
        return End(time: end)
    }
}
