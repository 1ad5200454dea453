package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire
import Synchronization

// Who asks at the page to sign in learns nothing of who has a password here, neither by the answer nor by its time: the
// request looks nobody up. It counts the address and notes it in this process's memory; a chore looks up who has it, makes
// the link and mails it. The database has the link's hash alone, so what is noted and not mailed yet is lost in a crash,
// and one asks again.

/// A mail with a link for a new password.
package struct ResetMail: Sendable, Hashable {
    package let recipient: String
    package let token: SessionToken
    package let expiresAt: Timestamp
}

/// Mails links for new passwords to people who forgot theirs.
package final class ForgottenPasswordService: Sendable {
    private let database: any Database
    private let people: PersonService
    private let sender: any MailSender
    private let wake: Wake
    private let waiting = Mutex<[Asked]>([])

    private struct Asked {
        let email: String
        let client: String
        /// Made at the first try.
        var invitation: PersonService.Invitation?
        var tries = 0
    }

    /// - Parameter wake: Tells whoever calls ``step(now:)``.
    package init(
        database: any Database, people: PersonService, sender: any MailSender,
        wake: Wake = .silent
    ) {
        self.database = database
        self.people = people
        self.sender = sender
        self.wake = wake
    }

    /// Notes that somebody asked for a link; whether anybody has this address is not looked at.
    ///
    /// - Throws: ``SignInError/tooManyTries(seconds:)``, also for addresses that nobody has; ``SignInError/busy``.
    package func ask(email: String, client: String, now: Timestamp) async throws {
        try await count(email, now: now)
        let isNoted = waiting.withLock { waiting in
            guard waiting.count < Limits.linksWaitingMax else { return false }
            waiting.append(Asked(email: email, client: client))
            return true
        }
        guard isNoted else { throw SignInError.busy }
        wake()
    }

    private func count(_ email: String, now: Timestamp) async throws {
        let wait = try await database.write { tx -> Int64? in
            var pace =
                try PersonStore.pace(.link, of: email, lock: .update, tx)
                ?? SignInPace(.link, failures: 0, failedAt: now)
            if let wait = pace.wait(at: now) { return wait }
            pace.fail(at: now)
            try PersonStore.setPace(pace, of: email, tx)
            return nil
        }
        if let wait { throw SignInError.tooManyTries(seconds: wait) }
    }

    /// Mails a link to everybody who waits for one. What fails is noted for the next step, a few times.
    ///
    /// - Returns: false: the next ask wakes.
    /// - Throws: What the last one failed of, after all were tried.
    package func step(now: Timestamp) async throws -> Bool {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        var failure: (any Error)?
        for var asked in all {
            do {
                try await mail(&asked, now: now)
            } catch {
                failure = error
                asked.tries += 1
                let again = asked
                guard again.tries < Limits.linkTriesMax else { continue }
                waiting.withLock { $0.append(again) }
            }
        }
        if let failure { throw failure }
        return false
    }

    private func mail(_ asked: inout Asked, now: Timestamp) async throws {
        if asked.invitation == nil { asked.invitation = try await invitation(asked, now: now) }
        guard let invitation = asked.invitation else { return }
        try await sender.send(
            ResetMail(
                recipient: invitation.person.email, token: invitation.token,
                expiresAt: invitation.link.expiresAt))
    }

    private func invitation(
        _ asked: Asked, now: Timestamp
    ) async throws -> PersonService.Invitation? {
        let note = AuditNote(
            "person.forgot_password", by: .visitor, in: nil, to: nil, clock: { now })
        note.describe(Self.detail(asked))
        return try await AuditNote.$current.withValue(note) {
            try await people.remind(email: asked.email, now: now)
        }
    }

    private static func detail(_ asked: Asked) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("client", asked.client)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension PersonService {
    /// A link for a new password, for who signs in with one. A person who has none comes by an invitation or by single
    /// sign-on, and gets none this way.
    ///
    /// - Returns: nil where nobody with this address has a password.
    fileprivate func remind(email: String, now: Timestamp) async throws -> Invitation? {
        try await database.write { tx in
            // Locked, so that somebody who is being ended gets no link after that.
            let found = try PersonStore.credentials(of: email, lock: .update, tx)?.person
            guard let person = found, person.hasPassword, person.endedAt == nil else {
                return nil
            }
            return try Self.link(
                person, .reset, seconds: Limits.passwordResetSeconds, now: now, tx)
        }
    }
}
