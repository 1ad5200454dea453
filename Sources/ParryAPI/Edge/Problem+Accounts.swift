import ParryDomain
import ParryWire

extension Problem {
    init(_ error: MembershipError) {
        switch error {
        case .alreadyExists:
            self.init(
                business: .membershipAlreadyExists,
                "The organisation has a member with this e-mail address. Change that membership "
                    + "with PATCH.")
        }
    }
}
