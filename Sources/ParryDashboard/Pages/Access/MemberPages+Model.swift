import ParryDomain
import ParryService
import ParryWire

extension MemberPages {
    /// The members.
    struct ListModel: Sendable {
        let path: String
        let members: [Row]
        let pager: Pager
    }

    /// A member as it is shown.
    struct Row: Sendable {
        let path: String
        let id: String
        let name: String
        let email: String
        let role: String
        /// The kinds of mail that are on, in words.
        let mails: String
        let signsIn: Bool
        /// Until when the invitation can be taken.
        let invitedUntil: TimeText?

        init(_ member: Membership, _ joining: PersonService.Joining, path: String) {
            self.path = "\(path)/\(member.id.text)"
            id = member.id.text
            name = "\(member.firstName) \(member.lastName)"
            email = member.email
            role = member.settings.role.label
            let words = MemberForm(member.settings).mails.choices.filter(\.isChosen).count
            mails = words == 0 ? "none" : "\(words) of 4"
            signsIn = joining.signingIn.contains(member.id)
            invitedUntil = TimeText(signsIn ? nil : joining.invited[member.id])
        }
    }

    /// A new member.
    struct NewModel: Sendable {
        let path: String
        let backPath: String
        let refusal: String?
        let fields: [FormField]
        let role: FormField
        let mails: FormField
    }

    /// A member, whole.
    struct ShowModel: Sendable {
        let member: Row
        let backPath: String
        let role: FormField
        let mails: FormField
    }

    /// A row of the file.
    struct Exported: Sendable {
        let member: Membership
        let signsIn: Bool
    }

    static let columns: [Export<Exported>.Column] = [
        .init("id") { .text($0.member.id.text) },
        .init("first_name") { .text($0.member.firstName) },
        .init("last_name") { .text($0.member.lastName) },
        .init("email") { .text($0.member.email) },
        .init("role") { .text($0.member.settings.role.rawValue) },
        .init("signs_in") { .flag($0.signsIn) },
        .init("is_alert_action_required_email_enabled") {
            .flag($0.member.settings.mailsAlertActionRequired)
        },
        .init("is_alert_resolved_email_enabled") { .flag($0.member.settings.mailsAlertResolved) },
        .init("is_alert_dismissed_email_enabled") { .flag($0.member.settings.mailsAlertDismissed) },
        .init("is_evidence_requested_email_enabled") {
            .flag($0.member.settings.mailsEvidenceRequested)
        },
        .init("created_at") { .time($0.member.createdAt) },
    ]
}

/// What a form says of a member.
struct MemberForm: Sendable {
    /// What each kind of mail is about, by the name that the API has for it.
    private static let kinds: [(name: String, label: String)] = [
        (
            MembershipRequest.alertActionRequired.name,
            "An alert has come that somebody has to decide"
        ),
        (MembershipRequest.alertResolved.name, "An alert has been resolved"),
        (MembershipRequest.alertDismissed.name, "An alert has been dismissed"),
        (MembershipRequest.evidenceRequested.name, "A network asks for evidence"),
    ]

    static let blank = MemberForm(Membership.Settings(role: .standard))

    let firstName: String
    let lastName: String
    let email: String
    let roleWord: String
    let chosen: Set<String>

    init(_ settings: Membership.Settings) {
        (firstName, lastName, email) = ("", "", "")
        roleWord = settings.role.rawValue
        let flags = [
            settings.mailsAlertActionRequired, settings.mailsAlertResolved,
            settings.mailsAlertDismissed, settings.mailsEvidenceRequested,
        ]
        chosen = Set(zip(Self.kinds, flags).filter(\.1).map(\.0.name))
    }

    init(_ form: FormFields) {
        firstName = form["first_name"] ?? ""
        lastName = form["last_name"] ?? ""
        email = form["email"] ?? ""
        roleWord = form["role"] ?? ""
        chosen = Set(form.all("mail"))
    }

    func fields(_ errors: FormErrors?) -> [FormField] {
        [
            FormField(
                "first_name", "First name", value: firstName, error: errors?["first_name"],
                isRequired: true),
            FormField(
                "last_name", "Last name", value: lastName, error: errors?["last_name"],
                isRequired: true),
            FormField(
                "email", "E-mail address", type: "email", value: email, error: errors?["email"],
                isRequired: true),
        ]
    }

    func role(_ errors: FormErrors?) -> FormField {
        FormField(
            "role", "Role",
            hint: "Standard members see everything and act on alerts. Admins also write rules, set "
                + "up order feeds and webhooks, make keys and say who belongs here.",
            error: errors?["role"], isRequired: true,
            choices: MembershipRole.allCases.reversed().map {
                Choice($0.rawValue, $0.label, isChosen: $0.rawValue == roleWord)
            })
    }

    var mails: FormField {
        FormField(
            "mail", "Mail when",
            hint: "Mail is sent only where the operator has set up sending.",
            choices: Self.kinds.map {
                Choice($0.name, $0.label, isChosen: chosen.contains($0.name))
            })
    }

    /// - Throws: ``FormErrors``.
    static func draft(
        _ form: FormFields, in organisation: OrganisationID
    ) throws -> MembershipService.Draft {
        let request = try MembershipRequest.create.decode(
            [
                ("organisation_id", .text(organisation.text)),
                ("first_name", .text(form.text("first_name"))),
                ("last_name", .text(form.text("last_name"))),
                ("email", .text(form.text("email"))),
            ] + settingMembers(form))
        return MembershipService.Draft(
            organisationID: organisation.text, firstName: request[MembershipRequest.firstName],
            lastName: request[MembershipRequest.lastName],
            email: request[MembershipRequest.email],
            settings: read(request, request[MembershipRequest.role]))
    }

    /// - Throws: ``FormErrors``.
    static func settings(_ form: FormFields) throws -> Membership.Settings {
        let request = try MembershipRequest.update.decode(settingMembers(form))
        return read(request, request[MembershipRequest.newRole])
    }

    private static func settingMembers(_ form: FormFields) -> [FormMember] {
        let chosen = Set(form.all("mail"))
        return [("role", .text(form.text("role") ?? ""))]
            + kinds.map { ($0.name, .flag(chosen.contains($0.name))) }
    }

    private static func read(_ request: RequestObject, _ role: String?) -> Membership.Settings {
        Membership.Settings(
            role: role.flatMap(MembershipRole.init) ?? .standard,
            mailsAlertActionRequired: request[MembershipRequest.alertActionRequired] ?? false,
            mailsAlertResolved: request[MembershipRequest.alertResolved] ?? false,
            mailsAlertDismissed: request[MembershipRequest.alertDismissed] ?? false,
            mailsEvidenceRequested: request[MembershipRequest.evidenceRequested] ?? false)
    }
}

extension MembershipRole {
    var label: String {
        switch self {
        case .admin: "Admin"
        case .standard: "Standard"
        }
    }
}
