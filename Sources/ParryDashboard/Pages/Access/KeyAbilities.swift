import ParryWire

/// What a key can be given, as the form shows it.
enum KeyAbilities {
    /// Abilities that belong together.
    static let groups: [(label: String, abilities: [Ability])] = [
        ("Organisations", [.organisationsRead, .organisationsWrite]),
        ("Merchants", [.merchantsRead, .merchantsWrite]),
        ("Members of organisations", [.membershipsRead, .membershipsWrite]),
        ("Enrolments", [.enrolmentsRead, .enrolmentsWrite]),
        ("Orders", [.ordersRead, .ordersWrite, .ordersUpdate]),
        ("Alerts", [.alertsRead, .alertsWrite]),
        ("Refunds", [.refundsRead, .refundsWrite]),
        ("Rulesets", [.rulesetsRead, .rulesetsWrite]),
        ("Webhooks", [.webhooksRead, .webhooksWrite]),
        ("Lookups and scheme notices", [.lookupsRead, .schemeNoticesRead]),
        ("Simulations, in TEST alone", simulations),
        ("Deprecated enrolments, /v1/enrolments", [.enrolmentsV1Read, .enrolmentsV1Write]),
    ]

    private static let simulations: [Ability] = [
        .simulationsAlerts, .simulationsEnrolments, .simulationsLookups,
        .simulationsSchemeNotices, .simulationsClock,
    ]

    /// What a key of an organisation cannot use: the API answers it 401 (CONTRACT.md 2.3).
    static let ofPartnersOnly: Set<Ability> = [
        .organisationsRead, .organisationsWrite, .merchantsRead, .merchantsWrite,
        .membershipsRead, .membershipsWrite, .enrolmentsRead, .enrolmentsWrite,
        .enrolmentsV1Read, .enrolmentsV1Write,
    ]

    /// What a key of this level and mode can use.
    static func offered(isPartnerLevel: Bool, _ mode: AccountMode) -> Set<Ability> {
        var abilities = Set(Ability.allCases)
        if !isPartnerLevel { abilities.subtract(ofPartnersOnly) }
        if mode == .live { abilities.subtract(simulations) }
        return abilities
    }
}

/// The guide's recommended keys.
enum KeyPreset: String, Sendable, CaseIterable {
    /// Opens organisations, merchants and enrolments.
    case onboarding
    /// Uploads orders, reads and acts on alerts, where all is set up.
    case steady

    var label: String {
        switch self {
        case .onboarding: "Onboarding (administrator)"
        case .steady: "Steady state (restricted)"
        }
    }

    /// What the guide lists; what a level or mode cannot use is not among it.
    func abilities(among offered: Set<Ability>) -> Set<Ability> {
        let steady: Set<Ability> = [
            .ordersRead, .ordersWrite, .ordersUpdate, .alertsRead, .alertsWrite,
        ]
        switch self {
        case .steady: return steady.intersection(offered)
        case .onboarding:
            let more: Set<Ability> = [
                .organisationsRead, .organisationsWrite, .merchantsRead, .merchantsWrite,
                .enrolmentsRead, .enrolmentsWrite, .rulesetsRead, .rulesetsWrite,
                .simulationsAlerts, .simulationsEnrolments,
            ]
            return steady.union(more).intersection(offered)
        }
    }
}

extension Ability {
    /// What it allows, in a few words.
    var meaning: String {
        switch self {
        case .organisationsRead: "see organisations"
        case .organisationsWrite: "open, rename and delete organisations"
        case .merchantsRead: "see merchants"
        case .merchantsWrite: "open, change and delete merchants"
        case .membershipsRead: "see who may sign in"
        case .membershipsWrite: "say who may sign in"
        case .enrolmentsV1Read: "see enrolments, the old way"
        case .enrolmentsV1Write: "enrol and cancel, the old way"
        case .enrolmentsRead: "see enrolments"
        case .enrolmentsWrite: "enrol and cancel"
        case .integrationsRead: "see order feeds"
        case .integrationsWrite: "open and change order feeds"
        case .ordersRead: "see orders"
        case .ordersWrite: "upload orders"
        case .ordersUpdate: "change orders"
        case .alertsRead: "see alerts"
        case .alertsWrite: "act on alerts"
        case .rulesetsRead: "see rulesets"
        case .rulesetsWrite: "write rulesets"
        case .schemeNoticesRead: "see scheme notices"
        case .lookupsRead: "see lookups"
        case .simulationsLookups: "simulate lookups"
        case .simulationsSchemeNotices: "simulate scheme notices"
        case .simulationsAlerts: "simulate alerts"
        case .simulationsEnrolments: "simulate answers to enrolments"
        case .webhooksRead: "see webhook endpoints and deliveries"
        case .webhooksWrite: "change webhook endpoints, see their secrets"
        case .refundsRead: "see refund intents"
        case .refundsWrite: "claim refunds before they are made"
        case .simulationsClock: "set an organisation's clock ahead"
        }
    }
}
