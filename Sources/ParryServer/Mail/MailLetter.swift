import Foundation
import ParryDomain
import ParryService
import ParryWire

/// What a mail looks like: plain text in UTF-8, with a link, and nothing that does not belong into a mailbox.
struct MailLetter: Sendable {
    /// `Parry <parry@example.com>`
    let from: String
    /// Of the dashboard: `https://alerts.example.com`
    let publicURL: String

    /// The whole message, as `sendmail -t` takes it.
    func text(of mail: Mail) -> String {
        head(
            to: mail.recipient, subject: subject(of: mail),
            id: "\(mail.eventID.text).\(mail.organisationID.text)") + body(of: mail)
    }

    /// The same for a link to set a new password. The link begins with the server's own address, whatever host the
    /// request named.
    func text(of mail: ResetMail) -> String {
        let end = mail.expiresAt.iso8601.prefix(16).replacing("T", with: " ") + " UTC"
        return head(
            to: mail.recipient, subject: "A new password for Parry",
            id: "\(mail.token.hash.prefix(32)).password")
                + """
                Somebody asked for a new password for \(Self.oneLine(mail.recipient)). This link sets one:

                \(publicURL)/dashboard/join/\(mail.token.text)

                It works once, until \(end). Your sessions end then.

                It was not you? There is nothing to do: your password stays as it is. Give the link to nobody.

                """
    }

    private func head(to recipient: String, subject: String, id: String) -> String {
        let headers = [
            ("From", from), ("To", recipient), ("Subject", encoded(subject)),
            ("Message-ID", "<\(id)@parry>"),
            ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "8bit"),
        ]
        return headers.map { "\($0.0): \(Self.oneLine($0.1))\n" }.joined() + "\n"
    }

    private func subject(of mail: Mail) -> String {
        let mode = mail.mode == .test ? "[TEST] " : ""
        let money = Self.money(mail.alert)
        return switch mail.notice {
        case .actionRequired: "\(mode)Decide by \(Self.deadline(mail)): \(money)"
        case .resolved: "\(mode)Resolved: \(money)"
        case .dismissed: "\(mode)Invalid: \(money)"
        }
    }

    private func body(of mail: Mail) -> String {
        let sentence =
            switch mail.notice {
            case .actionRequired:
                "A cardholder disputes a payment. Refund it or accept the dispute by "
                    + "\(Self.deadline(mail)); after that it counts as not refunded."
            case .resolved:
                mail.alert.outcome == "REFUNDED"
                    ? "The alert has ended: refunded." : "The alert has ended: not refunded."
            case .dismissed: "The alert was found invalid. There is nothing to do."
            }
        let facts = [
            ("Organisation", mail.organisationName), ("Amount", Self.money(mail.alert)),
            ("Descriptor", mail.alert.descriptor ?? ""),
            ("Card", mail.alert.cardLast4.map { "…\($0)" } ?? ""), ("Alert", mail.alertID),
        ].filter { !$0.1.isEmpty }.map { "\($0.0): \(Self.oneLine($0.1))\n" }.joined()
        let link = "\(publicURL)/dashboard/\(mail.organisationID.text)/alerts/\(mail.alertID)"
        return """
            \(sentence)

            \(facts)
            \(link)

            You get this because of your membership's e-mail settings.

            """
    }

    private static func deadline(_ mail: Mail) -> String {
        guard let time = mail.alert.deadline else { return "its deadline" }
        return time.iso8601.prefix(16).replacing("T", with: " ") + " UTC"
    }

    private static func money(_ alert: MailedAlert) -> String {
        let amount = Currency(code: alert.currency)?.decimal(alert.amount)
        return "\(amount ?? String(alert.amount)) \(alert.currency)"
    }

    /// No text of anybody's becomes a header of its own.
    private static func oneLine(_ text: String) -> String {
        String(
            text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }

    /// RFC 2047, for what is not ASCII.
    private func encoded(_ text: String) -> String {
        guard !text.allSatisfy(\.isASCII) else { return text }
        return "=?utf-8?B?\(Data(text.utf8).base64EncodedString())?="
    }
}
