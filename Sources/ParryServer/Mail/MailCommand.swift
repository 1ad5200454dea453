import Foundation
import Logging
import ParryDomain
import ParryService
import ParryWire
import Subprocess
import SystemPackage

/// Hands mails to a command that reads them from standard input, as `sendmail -t` does.
struct MailCommand: MailSender {
    /// What the shell runs.
    let command: String
    let letter: MailLetter
    let logger: Logger

    /// The command was not done in so many seconds.
    private static let secondsMax = 30
    /// "Try again later" of sendmail and its kin (sysexits.h).
    private static let temporaryFailure: Int32 = 75

    /// The mail may go through later.
    struct Delayed: Error, CustomStringConvertible {
        let description: String
    }

    /// A mail that the command refuses for good is logged and given up, or one bad address would hold up all others.
    func send(_ mail: Mail) async throws {
        try await send(letter.text(of: mail), ["alert_id": "\(mail.alertID)"])
    }

    /// The same for a link to set a new password.
    func send(_ mail: ResetMail) async throws {
        try await send(letter.text(of: mail), ["about": "a new password"])
    }

    private func send(_ text: String, _ facts: Logger.Metadata) async throws {
        switch try await status(of: text) {
        case 0: return
        case Self.temporaryFailure:
            throw Delayed(description: "the mail command asks to try again later")
        case 126, 127:
            throw Delayed(description: "the mail command cannot be run")
        case let code:
            let exit: Logger.Metadata = ["exit": .stringConvertible(code)]
            logger.warning("a mail was refused", metadata: facts.merging(exit) { $1 })
        }
    }

    private func status(of text: String) async throws -> Int32 {
        // A file, not a pipe: a program may end without reading.
        let input = try MailFile(text)
        return try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    .path("/bin/sh"), arguments: ["-c", command],
                    input: .fileDescriptor(input.descriptor, closeAfterSpawningProcess: false),
                    output: .discarded, error: .discarded)
                if case .exited(let code) = result.terminationStatus { return code }
                return Self.temporaryFailure
            }
            group.addTask {
                try await Task.sleep(for: .seconds(Self.secondsMax))
                throw Delayed(
                    description: "the mail command took more than \(Self.secondsMax) seconds")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? Self.temporaryFailure
        }
    }
}

/// A file without a name, gone when it is closed.
private final class MailFile: Sendable {
    let descriptor: FileDescriptor

    init(_ text: String) throws {
        var template = Array((NSTemporaryDirectory() + "/parry-mail-XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw MailCommand.Delayed(description: "no scratch file for a mail")
        }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        descriptor = FileDescriptor(rawValue: file)
        try descriptor.writeAll(Array(text.utf8))
        try descriptor.seek(offset: 0, from: .start)
    }

    deinit { try? descriptor.close() }
}
