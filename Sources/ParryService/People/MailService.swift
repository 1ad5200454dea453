package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

// Mails follow the feed of events, at a cursor of each partner. The cursor moves after the mails of an event have been handed
// over, so a crash sends those of one event twice and loses none. One process at a time does it, under a lease.

/// A mail to one member.
package struct Mail: Sendable, Hashable {
    package let recipient: String
    package let notice: MailNotice
    package let mode: AccountMode
    package let alertID: String
    package let organisationID: OrganisationID
    package let organisationName: String
    /// The alert as the event shows it.
    package let alert: MailedAlert
    /// Names the mail: a second one is the same.
    package let eventID: EventID
}

/// What a mail says of an alert.
package struct MailedAlert: Sendable, Hashable {
    package let amount: Int64
    package let currency: String
    package let descriptor: String?
    package let cardLast4: String?
    package let deadline: Timestamp?
    package let outcome: String?
}

/// Takes mails to be sent. ParryServer has it.
package protocol MailSender: Sendable {
    /// Hands a mail over.
    ///
    /// - Throws: When it may go through later; what never will is the sender's to log.
    func send(_ mail: Mail) async throws

    /// The same for a link; whoever asked for it waits.
    func send(_ mail: ResetMail) async throws
}

/// Mails to members of organisations, by the flags of their memberships.
package struct MailService: Sendable {
    /// Events that are looked at in one step, and members of an organisation that get mail.
    private static let (eventsMax, recipientsMax) = (50, 200)
    /// Longer than a step may take.
    private static let leaseSeconds: Int64 = 300

    private let database: any Database
    private let sender: any MailSender

    package init(database: any Database, sender: any MailSender) {
        self.database = database
        self.sender = sender
    }

    /// One step: mails what is new in some partners' feeds.
    ///
    /// - Returns: Whether there may be more.
    package func step(now: Timestamp) async throws -> Bool {
        let end = now.adding(seconds: Self.leaseSeconds)
        guard try await database.write({ try MailStore.take(until: end, now: now, $0) }) else {
            return false
        }
        do {
            let hasMore = try await mailDue()
            try await database.write { try MailStore.release($0) }
            return hasMore
        } catch {
            try await database.write { try MailStore.release($0) }
            throw error
        }
    }

    private func mailDue() async throws -> Bool {
        let due = try await database.read { try MailStore.due(limit: 20, $0) }
        var hasMore = false
        for feed in due {
            hasMore = try await mail(feed) || hasMore
        }
        return hasMore
    }

    private func mail(_ feed: MailStore.Due) async throws -> Bool {
        let owner = Principal.operator(of: feed.partnerID).owner
        let page = try await database.read { tx in
            try EventFeedStore.page(
                behind: feed.position, .init(), for: owner, limit: Self.eventsMax, tx)
        }
        for event in page.events {
            for mail in try await mails(for: event) { try await sender.send(mail) }
        }
        try await database.write { try MailStore.advance(feed.partnerID, to: page.end, $0) }
        return page.hasMore
    }

    private func mails(for event: Event) async throws -> [Mail] {
        guard let (notice, text) = try Self.notice(of: event) else { return [] }
        return try await database.read { tx in
            guard let partner = try AccountStore.partner(event.partnerID, tx) else { return [] }
            let recipients = try MailStore.recipients(
                of: notice, in: event.organisationID, limit: Self.recipientsMax, tx)
            let owner = Principal.operator(of: event.partnerID).owner
            let name = try OrganisationStore.find(event.organisationID, for: owner, tx)?.name
            return recipients.map { recipient in
                Mail(
                    recipient: recipient, notice: notice, mode: partner.mode,
                    alertID: event.objectID, organisationID: event.organisationID,
                    organisationName: name ?? "", alert: text, eventID: event.id)
            }
        }
    }

    private static func notice(of event: Event) throws -> (MailNotice, MailedAlert)? {
        guard event.type == .alertCreated || event.type == .alertUpdated else { return nil }
        let data = try JSONDocument.parse(event.body).root["data"]
        guard let object = data?["object"],
            let status = object["status"]?.string.flatMap(AlertStatus.init),
            let notice = MailNotice(
                event.type, status: status,
                former: data?["previous_attributes"]?["status"]?.string.flatMap(AlertStatus.init))
        else { return nil }
        return (
            notice,
            MailedAlert(
                amount: object["transaction_amount_in_cents"]?.integer ?? 0,
                currency: object["transaction_currency_code"]?.string ?? "",
                descriptor: object["transaction_statement_descriptor"]?.string,
                cardLast4: object["transaction_card_last4"]?.string,
                deadline: object["action_required_deadline"]?.string.flatMap {
                    Timestamp(iso8601: $0)
                },
                outcome: object["transaction_refund_outcome"]?.string)
        )
    }
}
