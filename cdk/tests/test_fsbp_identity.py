"""Sign-in: the rows of AWS's Foundational Best Practices, and what a user pool leaves open by itself."""

import re

from conftest import REPOSITORY, Templates

from shop.identity import CALLBACK, GROUPS, SIGNED_OUT


def pool(environment: Templates) -> dict:
    return environment.one("AWS::Cognito::UserPool")


def client(environment: Templates) -> dict:
    return environment.one("AWS::Cognito::UserPoolClient")


def test_nobody_signs_up_by_themselves(environment: Templates) -> None:
    assert pool(environment)["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_a_client_tells_nobody_who_exists(environment: Templates) -> None:
    assert client(environment)["PreventUserExistenceErrors"] == "ENABLED"


def test_people_cannot_write_who_they_are(environment: Templates) -> None:
    # Both are required of the pool, so the client can write them; `employee_id` only HR's own tools write.
    assert sorted(client(environment)["WriteAttributes"]) == ["email", "name"]
    assert client(environment)["AllowedOAuthScopes"] == ["openid", "email", "profile"]


def test_a_new_address_counts_once_it_is_proven(environment: Templates) -> None:
    assert pool(environment)["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    assert pool(environment)["UsernameConfiguration"] == {"CaseSensitive": False}


def test_the_client_speaks_the_code_flow_only(environment: Templates) -> None:
    told = client(environment)
    assert told["AllowedOAuthFlows"] == ["code"]
    assert told["GenerateSecret"] is True
    assert told["EnableTokenRevocation"] is True
    assert told["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    public = f"https://{environment.settings.web.domain}"
    assert told["CallbackURLs"] == [f"{public}{CALLBACK}"]
    assert told["LogoutURLs"] == [f"{public}{SIGNED_OUT}"]
    assert "localhost" not in str(told)


def test_the_addresses_are_those_of_the_program() -> None:
    urls = (REPOSITORY / "src/urls.rs").read_text()
    assert f'"{CALLBACK}"' in urls and f'"{SIGNED_OUT}".to_owned()' in urls


def test_a_session_lasts_eight_hours(environment: Templates) -> None:
    told = client(environment)
    assert told["RefreshTokenValidity"] == 480 == 60 * environment.settings.identity.session_hours
    assert told["AccessTokenValidity"] == told["IdTokenValidity"] == 60
    assert set(told["TokenValidityUnits"].values()) == {"minutes"}


def test_cognito_1_threat_protection_by_setting(environment: Templates) -> None:
    # A written waiver stands where the pool is made.
    plus = environment.settings.identity.threat_protection
    assert pool(environment)["UserPoolTier"] == ("PLUS" if plus else "ESSENTIALS")


def test_cognito_2_no_guests(environment: Templates) -> None:
    assert environment.all("AWS::Cognito::IdentityPool") == []


def test_letters_and_digits_twelve_of_them(environment: Templates) -> None:
    policy = pool(environment)["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == 12
    assert policy["RequireLowercase"] and policy["RequireNumbers"]


def test_a_second_factor_in_prod(prod: Templates, dev: Templates) -> None:
    assert pool(prod)["MfaConfiguration"] == "ON"
    assert pool(prod)["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool(dev)["MfaConfiguration"] == "OFF"


def test_deletion_protection(prod: Templates, dev: Templates) -> None:
    assert pool(prod)["DeletionProtection"] == "ACTIVE"
    assert pool(dev)["DeletionProtection"] == "INACTIVE"


def test_what_is_known_of_a_person(environment: Templates) -> None:
    schema = {one["Name"]: one.get("Required", False) for one in pool(environment)["Schema"]}
    assert schema == {"email": True, "name": True, "employee_id": False}


def test_nobody_may_link_accounts(environment: Templates) -> None:
    assert "AdminLinkProviderForUser" not in str(environment.all("AWS::IAM::Policy"))


def test_a_group_for_each_desk_and_a_role_for_each_group(environment: Templates) -> None:
    groups = {group["GroupName"] for group in environment.all("AWS::Cognito::UserPoolGroup")}
    assert groups == set(GROUPS)
    source = (REPOSITORY / "src/types/role.rs").read_text()
    roles = set(re.findall(r'Self::\w+(?:\(Desk::\w+\))? => "([a-z-]+)"', source))
    assert {role for role, _ in GROUPS.values()} == roles


def test_invitations_go_out_by_ses_where_there_is_mail(prod: Templates, dev: Templates) -> None:
    told = pool(prod)["EmailConfiguration"]
    assert (told["EmailSendingAccount"], told["From"]) == ("DEVELOPER", "AWSomeShop <shop@example.com>")
    assert "EmailConfiguration" not in pool(dev)


def test_managed_login_has_pages(environment: Templates) -> None:
    assert environment.one("AWS::Cognito::UserPoolDomain")["ManagedLoginVersion"] == 2
    assert environment.one("AWS::Cognito::ManagedLoginBranding")["UseCognitoProvidedValues"] is True
