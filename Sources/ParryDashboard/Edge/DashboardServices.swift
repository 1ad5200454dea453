package import ParryService

/// The use cases that pages show and do: the API's own, and those of people.
package struct DashboardServices: Sendable {
    package let people: PersonService
    package let signIn: SignInService
    package let seats: SeatService
    package let groups: GroupService
    package let keys: KeyService
    package let audit: AuditService
    package let accounts: AccountService
    package let installation: InstallationService
    package let signOn: SignOnService
    package let sentForms: SentFormService
    package let organisations: OrganisationService
    package let merchants: MerchantService
    package let integrations: IntegrationService
    package let memberships: MembershipService
    package let enrolments: EnrolmentService
    package let orders: OrderService
    package let alerts: AlertService
    package let alertNews: AlertNewsService
    package let alertCases: AlertCaseService
    package let refundIntents: RefundIntentService
    package let rulesets: RulesetService
    package let webhooks: WebhookService
    package let webhookSender: any WebhookSender
    package let events: EventService
    package let redeliveries: RedeliveryService
    package let statistics: StatisticsService
    /// Mails links for new passwords; nil where no mails are sent.
    package var forgotten: ForgottenPasswordService?

    package init(
        people: PersonService, signIn: SignInService, seats: SeatService, groups: GroupService,
        keys: KeyService, audit: AuditService, accounts: AccountService,
        installation: InstallationService, signOn: SignOnService, sentForms: SentFormService,
        organisations: OrganisationService,
        merchants: MerchantService, integrations: IntegrationService,
        memberships: MembershipService, enrolments: EnrolmentService, orders: OrderService,
        alerts: AlertService, alertNews: AlertNewsService, alertCases: AlertCaseService,
        refundIntents: RefundIntentService,
        rulesets: RulesetService, webhooks: WebhookService, webhookSender: any WebhookSender,
        events: EventService, redeliveries: RedeliveryService,
        statistics: StatisticsService
    ) {
        self.people = people
        self.signIn = signIn
        self.seats = seats
        self.groups = groups
        self.keys = keys
        self.audit = audit
        self.accounts = accounts
        self.installation = installation
        self.signOn = signOn
        self.sentForms = sentForms
        self.organisations = organisations
        self.merchants = merchants
        self.integrations = integrations
        self.memberships = memberships
        self.enrolments = enrolments
        self.orders = orders
        self.alerts = alerts
        self.alertNews = alertNews
        self.alertCases = alertCases
        self.refundIntents = refundIntents
        self.rulesets = rulesets
        self.webhooks = webhooks
        self.webhookSender = webhookSender
        self.events = events
        self.redeliveries = redeliveries
        self.statistics = statistics
    }
}
