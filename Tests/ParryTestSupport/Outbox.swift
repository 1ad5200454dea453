package import ParryService
import Synchronization

/// Takes mails and keeps them; the first ones fail where a test wants so.
package final class Outbox: MailSender {
    /// The mail may go through later.
    package struct Later: Error {
        package init() {}
    }

    private let state: Mutex<(failures: Int, links: [ResetMail])>

    package init(failures: Int = 0) {
        state = Mutex((failures, []))
    }

    /// Links that were mailed, the oldest first.
    package var links: [ResetMail] { state.withLock { $0.links } }

    package func send(_ mail: Mail) async throws {}

    package func send(_ mail: ResetMail) async throws {
        try state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                throw Later()
            }
            state.links.append(mail)
        }
    }
}
