import Foundation
import Synchronization

/// The terminal that the desk is shown on: raw keys, a screen of its own, and everything as before at the end.
package final class DeskTerminal: Sendable {
    private let before: termios
    private let isRestored = Mutex(false)
    /// Whether there are colours: not where NO_COLOR is set, or the terminal is a dumb one.
    package let hasColour: Bool

    /// Takes the terminal over.
    ///
    /// - Throws: ``PartnerError`` where standard input or output is none.
    package init() throws {
        var found = termios()
        guard Self.isTerminal, tcgetattr(STDIN_FILENO, &found) == 0 else {
            throw PartnerError(
                "the desk needs a terminal; desk print, desk show and the actions work without one")
        }
        before = found
        let environment = ProcessInfo.processInfo.environment
        hasColour = Self.hasColour(environment)
        var raw = found
        cfmakeraw(&raw)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else {
            throw PartnerError("the terminal cannot be switched to single keys")
        }
        Self.write(Self.enter)
    }

    deinit { restore() }

    /// Whether a person is at it: input and output are terminals.
    package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// By https://no-color.org: the variable with any text in it.
    static func hasColour(_ environment: [String: String]) -> Bool {
        environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    /// Puts everything back; the second time it does nothing.
    package func restore() {
        let isFirst = isRestored.withLock { isRestored in
            defer { isRestored = true }
            return !isRestored
        }
        guard isFirst else { return }
        Self.write(Self.leave)
        var before = before
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    }

    /// How large it is now.
    package var size: DeskSize {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return DeskSize(columns: 80, rows: 24)
        }
        return DeskSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Shows a screen, in one piece.
    package func show(_ frame: DeskFrame) {
        let lines = frame.lines.map { (hasColour ? $0.coloured : $0.text) + "\u{1B}[K" }
        Self.write("\u{1B}[H" + lines.joined(separator: "\r\n"))
    }

    /// An own screen, no cursor, and pasted text told from keys.
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?2004h\u{1B}[2J"
    private static let leave = "\u{1B}[?2004l\u{1B}[?25h\u{1B}[?1049l"

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(STDOUT_FILENO, $0.baseAddress?.advanced(by: sent), $0.count - sent)
            }
            guard count >= 0 || errno == EINTR || errno == EAGAIN else { return }
            sent += max(0, count)
        }
    }
}

/// Reads keys on a thread of its own: a read that waits must not hold up a task.
final class DeskKeyboard: Sendable {
    private let isEnded = Mutex(false)

    /// How long the thread takes at most to notice that it has ended.
    private static let waitMilliseconds: Int32 = 200

    /// Begins to read; `take` gets what comes, and nil when nothing comes any more.
    func begin(_ take: @escaping @Sendable ([DeskKey]?) -> Void) {
        Thread.detachNewThread { [self] in
            var decoder = DeskKeyDecoder()
            while !isEnded.withLock({ $0 }) {
                guard let bytes = Self.read() else { return take(nil) }
                let keys = decoder.take(bytes)
                if !keys.isEmpty { take(keys) }
            }
        }
    }

    func end() { isEnded.withLock { $0 = true } }

    /// What there is, perhaps nothing; nil at the end of the input.
    private static func read() -> [UInt8]? {
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, waitMilliseconds) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 1_024)
        let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 else { return count < 0 && errno == EINTR ? [] : nil }
        return Array(bytes.prefix(count))
    }
}
