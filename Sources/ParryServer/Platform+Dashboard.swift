package import ParryAPI
package import ParryDashboard
package import ParryService
package import ParryWire

extension Platform {
    /// What the pages of the dashboard share.
    func site(
        _ services: APIServices, _ settings: ServeSettings, forgotten: ForgottenPasswordService?
    ) -> Site {
        site(
            services, forgotten: forgotten, publicURL: settings.publicURL,
            isHTTPS: settings.tls != nil,
            isLoopback: ["127.0.0.1", "::1", "localhost"].contains(settings.host))
    }

    /// The same for tests, which have no socket.
    ///
    /// - Parameters:
    ///   - forgotten: Mails links for new passwords; nil where no mails are sent.
    ///   - isHTTPS: Whether the server itself speaks TLS.
    ///   - isLoopback: Whether it listens to this machine alone.
    package func site(
        _ services: APIServices, forgotten: ForgottenPasswordService? = nil,
        publicURL: String? = nil, isHTTPS: Bool = false,
        isLoopback: Bool = true, clock: @escaping @Sendable () -> Timestamp = Platform.now
    ) -> Site {
        var pages = dashboardServices(services)
        pages.forgotten = forgotten
        return Site(
            pages, publicURL: publicURL, isHTTPS: isHTTPS,
            isLoopback: isLoopback, explain: Self.explain, clock: clock)
    }

    private func dashboardServices(_ services: APIServices) -> DashboardServices {
        DashboardServices(
            people: people, signIn: signIn, seats: SeatService(database: database),
            groups: GroupService(database: database), keys: keys,
            audit: AuditService(database: database), accounts: accounts,
            installation: InstallationService(database: database),
            signOn: SignOnService(database: database, secrets: secrets),
            sentForms: SentFormService(database: database), organisations: services.organisations,
            merchants: services.merchants, integrations: services.integrations,
            memberships: services.memberships, enrolments: services.enrolments,
            orders: services.orders, alerts: services.alerts,
            alertNews: AlertNewsService(database: database), alertCases: services.alertCases,
            refundIntents: services.refundIntents, rulesets: services.rulesets,
            webhooks: services.webhooks, webhookSender: services.webhookSender,
            events: services.events, redeliveries: services.redeliveries,
            statistics: StatisticsService(database: database))
    }

    /// The dashboard says what the API says.
    private static func explain(_ error: any Error) -> Refusal? {
        Explanation(of: error).map { Refusal($0.status, $0.code, $0.message) }
    }
}
