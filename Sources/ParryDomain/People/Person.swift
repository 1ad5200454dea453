package import ParryWire

/// Who signs in to the dashboard: one login, whatever accounts it opens.
package struct Person: Sendable, Hashable {
    package let id: PersonID
    /// As given; compared without regard to case.
    package let email: String
    package let name: String
    /// Whether the person runs the installation and sees every partner.
    package let isOperator: Bool
    /// Whether the person can sign in with a password; not before an invitation was taken.
    package let hasPassword: Bool
    /// Since when the person cannot sign in any more.
    package let endedAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: PersonID, email: String, name: String, isOperator: Bool, hasPassword: Bool,
        endedAt: Timestamp? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.isOperator = isOperator
        self.hasPassword = hasPassword
        self.endedAt = endedAt
        self.createdAt = createdAt
    }
}

/// What a link is for that was given to a person; it is used once.
package struct PersonLink: Sendable, Hashable {
    package let personID: PersonID
    package let purpose: Purpose
    package let expiresAt: Timestamp

    /// What using it does.
    package enum Purpose: Sendable, Hashable {
        /// Makes the person run the installation.
        case `operator`
        /// Makes the person a member of a group.
        case group(PartnerGroupID)
        /// Opens an organisation of which the person is a member.
        case organisation(OrganisationID)
        /// Sets a new password.
        case reset

        /// As it is stored.
        package init(word: String, accountID: String) {
            switch word {
            case "OPERATOR": self = .operator
            case "GROUP": self = .group(.init(stored: accountID))
            case "ORGANISATION": self = .organisation(.init(stored: accountID))
            default: self = .reset
            }
        }

        /// As it is stored.
        package var word: String {
            switch self {
            case .operator: "OPERATOR"
            case .group: "GROUP"
            case .organisation: "ORGANISATION"
            case .reset: "RESET"
            }
        }

        /// The account that it opens; empty for none.
        package var accountID: String {
            switch self {
            case .group(let id): id.text
            case .organisation(let id): id.text
            case .operator, .reset: ""
            }
        }
    }

    package init(personID: PersonID, purpose: Purpose, expiresAt: Timestamp) {
        self.personID = personID
        self.purpose = purpose
        self.expiresAt = expiresAt
    }
}

/// Why signing in, or what belongs to it, is refused.
package enum SignInError: Error, Equatable {
    /// The address or the password is wrong; which of the two is not told.
    case wrongCredentials
    /// Too many guesses: nothing is tried before so many seconds have passed.
    case tooManyTries(seconds: Int64)
    /// More people sign in at this moment than passwords can be looked at.
    case busy
    /// The invitation or link is unknown, used or past its end.
    case unknownLink
    /// The link invites another person than the one who is signed in, or one who has to sign in first.
    case linkOfAnother
    case weakPassword(PasswordRule.Weakness)
    /// The token of a partner's single sign-on is not good, or may not sign this person in.
    case singleSignOn(SingleSignOnRefusal)
}

/// Why a token of single sign-on signs nobody in (CONTRACT.md 2.4).
package enum SingleSignOnRefusal: String, Sendable {
    /// No token of HS256 with the claims `iat` and `user_email`, or not signed with the partner's key.
    case invalidToken
    /// Issued more than 15 minutes ago, or not yet.
    case expired
    /// Not a member of an organisation of the partner.
    case notMember
    /// Belongs to accounts outside the partner's organisations as well.
    case memberElsewhere
}

/// What a password has to be: long. Anything else only makes people write it down (NIST SP 800-63B 5.1.1).
package enum PasswordRule {
    /// Why a password is refused.
    package enum Weakness: String, Sendable {
        case tooShort
        case tooLong
        case containsEmail
        case repetitive
    }

    /// Characters at least.
    package static let lengthMin = 12
    /// Bytes at most, so that nobody has megabytes hashed.
    package static let bytesMax = 512

    /// What is wrong with it; nil when it is good.
    package static func weakness(of password: String, email: String) -> Weakness? {
        if password.utf8.count > bytesMax { return .tooLong }
        if password.count < lengthMin { return .tooShort }
        let name = email.prefix { $0 != "@" }.lowercased()
        if name.count > 3, password.lowercased().contains(name) { return .containsEmail }
        return Set(password).count < 5 ? .repetitive : nil
    }
}

/// How fast passwords of one address can be guessed, and links be asked for: some tries are free, then each further one
/// doubles the wait.
package struct SignInPace: Sendable, Hashable {
    /// What is tried.
    package enum Kind: String, Sendable, Hashable {
        case password = "PASSWORD"
        /// A mail with a link for a new password.
        case link = "LINK"

        fileprivate var free: Int64 {
            switch self {
            case .password: Limits.signInFailuresFree
            case .link: Limits.linksFree
            }
        }

        /// Seconds of the first and of the longest wait.
        fileprivate var waits: (first: Int64, longest: Int64) {
            switch self {
            case .password: (2, Limits.signInWaitSecondsMax)
            case .link: (60, Limits.linkWaitSecondsMax)
            }
        }
    }

    package let kind: Kind
    /// Wrong passwords since the last right one, or links that were asked for.
    package private(set) var failures: Int64
    package private(set) var failedAt: Timestamp

    package init(_ kind: Kind, failures: Int64, failedAt: Timestamp) {
        self.kind = kind
        self.failures = failures
        self.failedAt = failedAt
    }

    /// Seconds until the next try; nil when it may be made now.
    package func wait(at now: Timestamp) -> Int64? {
        guard failures >= kind.free else { return nil }
        let doublings = min(failures - kind.free, 16)
        let seconds = min(kind.waits.longest, kind.waits.first << doublings)
        let left = failedAt.adding(seconds: seconds).milliseconds - now.milliseconds
        return left > 0 ? (left + 999) / 1_000 : nil
    }

    /// Counts a try; what was longer ago than ``Limits/signInMemorySeconds`` is forgotten.
    package mutating func fail(at now: Timestamp) {
        let isForgotten = now > failedAt.adding(seconds: Limits.signInMemorySeconds)
        failures = isForgotten ? 1 : failures + 1
        failedAt = now
    }
}
