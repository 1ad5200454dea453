package import ParryWire

/// That a person signed in with one browser.
package struct Session: Sendable, Hashable {
    package let id: SessionID
    package let personID: PersonID
    /// The partner whose single sign-on it was: the session opens that partner's organisations alone.
    package let partnerID: PartnerID?
    /// The address that signed in, for the person to recognise.
    package let client: String
    /// What the browser calls itself.
    package let agent: String
    package let createdAt: Timestamp
    /// When it was used last, to about a minute.
    package let seenAt: Timestamp
    /// When the person last proved to be there, by password or by signing in.
    package let confirmedAt: Timestamp
    package let endedAt: Timestamp?

    package init(
        id: SessionID, personID: PersonID, partnerID: PartnerID?, client: String, agent: String,
        createdAt: Timestamp, seenAt: Timestamp, confirmedAt: Timestamp, endedAt: Timestamp? = nil
    ) {
        self.id = id
        self.personID = personID
        self.partnerID = partnerID
        self.client = client
        self.agent = agent
        self.createdAt = createdAt
        self.seenAt = seenAt
        self.confirmedAt = confirmedAt
        self.endedAt = endedAt
    }

    /// Whether it still opens anything: not ended, used lately, and not too old.
    package func isLive(at now: Timestamp) -> Bool {
        endedAt == nil && now < seenAt.adding(seconds: Limits.sessionIdleSecondsMax)
            && now < createdAt.adding(seconds: Limits.sessionSecondsMax)
    }

    /// Whether keys and secrets may be shown and made without asking for the password again.
    package func isConfirmed(at now: Timestamp) -> Bool {
        now < confirmedAt.adding(seconds: Limits.confirmationSeconds)
    }

    /// Whether the use is to be noted.
    package func isUnseen(at now: Timestamp) -> Bool {
        now >= seenAt.adding(seconds: Limits.sessionSeenSeconds)
    }
}
