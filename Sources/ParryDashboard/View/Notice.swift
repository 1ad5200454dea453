/// What was just done, told once on the page that follows: the address names a sentence of ours, never words of its own.
struct Notice: Sendable {
    /// The sentences, by what addresses call them; `#` stands for the number.
    private static let sentences: [String: String] = [
        "signed-out": "You have signed out.",
        "expired":
            "Your session had ended, so nothing has been changed. Sign in and send the form again.",
        "link-asked":
            "If this address signs in here with a password, a mail with a link is on its way to it. The link works "
            + "once, within an hour. Nothing comes? Look among the unwanted mails, or ask again in some minutes.",
        "password-set": "Your password has been set. Other sessions of yours have ended.",
        "session-ended": "The session has ended.",
        "joined": "The account is open to you now.",
        "saved": "Saved.",
        "created": "Created.",
        "deleted": "Deleted.",
        "unchanged": "Nothing was different, so nothing has been changed.",
        "key-revoked": "The key has ended. Running servers refuse it within two seconds.",
        "secret-rotated":
            "A new secret signs from now on; the former one signs besides for a while.",
        "paused": "Paused. What happens meanwhile waits and is sent when you resume.",
        "resumed": "Resumed. What waited is being sent.",
        "redelivering": "On their way again: #.",
        "redelivery-started": "Started. The deliveries are being made due again.",
        "endpoint-created":
            "The endpoint is added. Reveal its secret below, store it with the receiver, and send a test event.",
        "none-chosen": "Nothing was chosen. Set the boxes of some open alerts first.",
        "acted": "Alerts decided: #.",
        "acted-none": "None of the alerts could be decided. Below is why.",
        "note-saved": "The note has been saved.",
        "sale-set": "The sale has been set. Matching leaves the alert alone from now on.",
        "no-sale": "Set to none of the known sales. Matching leaves the alert alone from now on.",
        "seen": "Taken off the list of what somebody has to look at.",
        "invited": "Invited. The link below is shown this once.",
        "removed": "Taken out.",
        "withdrawn": "The invitation has been withdrawn: its link no longer works.",
        "cancelled": "Cancelled.",
        "enrolled": "Enrolled. It is pending; alerts may arrive once it is enabled.",
        "simulated": "Simulated. Below is what became of it.",
    ]

    private let name: String
    private let number: Int?

    /// - Parameter name: Of a sentence that stands above.
    init(_ name: String, number: Int? = nil) {
        self.name = name
        self.number = number
    }

    /// What an address names; nil for none.
    init?(_ query: FormFields) {
        guard let name = query["notice"], Self.sentences[name] != nil else { return nil }
        self.init(name, number: query["n"].flatMap { Int($0) })
    }

    /// The sentence.
    var sentence: String? {
        Self.sentences[name]?.replacing("#", with: number.map(String.init) ?? "some")
    }

    /// As a part of an address.
    var query: String { "notice=\(name)" + (number.map { "&n=\($0)" } ?? "") }
}
