"""Who people are: a Cognito user pool that HR fills, a group for each desk, and one client, the shop."""

from email.utils import parseaddr

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from settings.model import Settings
from shop.base import ShopStack

# Each group with the role it gives in the shop, as `types/role.rs` names them, and what its desk does.
GROUPS = {
    "shop-admins": ("super-admin", "Every desk"),
    "shop-points": ("points", "Gives and takes points"),
    "shop-products": ("products", "Keeps the catalog"),
    "shop-orders": ("orders", "Prepares and hands over orders"),
    "shop-people": ("people", "Keeps the list of people"),
    "shop-reports": ("reports", "Reads reports"),
    "shop-audit": ("audit", "Reads the audit trail"),
}
# As `src/urls.rs` has them.
CALLBACK = "/sign-in/callback"
SIGNED_OUT = "/signed-out"


class IdentityStack(ShopStack):
    def __init__(self, scope: Construct, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, "identity", settings, "AWSomeShop: sign-in")
        self.pool = self._pool()
        for group, (_, does) in GROUPS.items():
            cognito.UserPoolGroup(self, group, user_pool=self.pool, group_name=group, description=does)
        self.domain = self._domain()
        self.client = self._client(self._federation())
        self.client_secret = self._client_secret(key)
        self.issuer = f"https://cognito-idp.{self.region}.amazonaws.com/{self.pool.user_pool_id}"
        host = f"{settings.identity.domain_prefix}.auth.{self.region}.amazoncognito.com"
        self.logout_url = f"https://{host}/logout"
        self.output("UserPoolArn", self.pool.user_pool_arn, "The user pool")
        self.output("Issuer", self.issuer, "OIDC_ISSUER_URL")
        self.output("ClientId", self.client.user_pool_client_id, "OIDC_CLIENT_ID")
        self.output("SignInHost", host, "The pages people sign in on")

    def _pool(self) -> cognito.UserPool:
        identity = self.settings.identity
        risky = cognito.StandardThreatProtectionMode.FULL_FUNCTION if identity.threat_protection else None
        pool = cognito.UserPool(
            self,
            "People",
            user_pool_name=self.named("people"),
            feature_plan=cognito.FeaturePlan.PLUS if identity.threat_protection else cognito.FeaturePlan.ESSENTIALS,
            standard_threat_protection_mode=risky,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            # Cannot be changed later, and Ann@ is ann@.
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            # A new address counts once it is proven, or it would be somebody else's account.
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True),
                fullname=cognito.StandardAttribute(required=True, mutable=True),
            ),
            custom_attributes={"employee_id": cognito.StringAttribute(max_len=64, mutable=True)},
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_digits=True,
                require_uppercase=False,
                require_symbols=False,
                temp_password_validity=cdk.Duration.days(3),
            ),
            email=self._letters(),
            mfa=cognito.Mfa[identity.mfa.upper()],
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True) if identity.mfa != "off" else None,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=self.settings.protected,
            removal_policy=self.kept,
        )
        reason = "Letters and digits, and twelve of them: length is worth more than signs nobody can remember."
        self.acknowledge(pool, "AwsSolutions-COG1", reason)
        if identity.mfa != "required":
            self.acknowledge(pool, "AwsSolutions-COG2", "dev: nobody's points are in it.")
        if not identity.threat_protection:
            self.acknowledge(pool, "AwsSolutions-COG8", "The Plus plan costs by person and month; it is a setting.")
        return pool

    def _letters(self) -> cognito.UserPoolEmail | None:
        """Invitations go out by SES; what Cognito sends by itself is fifty letters a day."""
        mail = self.settings.mail
        if mail is None:
            return None
        name, address = parseaddr(mail.sender)
        return cognito.UserPoolEmail.with_ses(
            from_name=name, from_email=address, ses_region=self.region, ses_verified_domain=mail.domain
        )

    def _domain(self) -> cognito.UserPoolDomain:
        return cognito.UserPoolDomain(
            self,
            "Domain",
            user_pool=self.pool,
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self.settings.identity.domain_prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )

    def _federation(self) -> tuple[cognito.UserPoolClientIdentityProvider, Construct | None]:
        """The company's own identity provider, where there is one: then it alone decides who comes in."""
        federation = self.settings.identity.federation
        if federation is None:
            return cognito.UserPoolClientIdentityProvider.COGNITO, None
        mapping = {
            "saml": {"email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
                     "name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"},
            "oidc": {"email": "email", "name": "name"},
        }[federation.kind]  # fmt: skip
        attributes = cognito.AttributeMapping(
            email=cognito.ProviderAttribute.other(mapping["email"]),
            fullname=cognito.ProviderAttribute.other(mapping["name"]),
            custom={"custom:employee_id": cognito.ProviderAttribute.other("employee_id")},
        )
        if federation.kind == "saml":
            provider = cognito.UserPoolIdentityProviderSaml(
                self,
                "Company",
                user_pool=self.pool,
                name=federation.name,
                metadata=cognito.UserPoolIdentityProviderSamlMetadata.url(federation.address),
                attribute_mapping=attributes,
            )
        else:
            secret = secretsmanager.Secret.from_secret_name_v2(self, "CompanySecret", federation.client_secret_name)
            provider = cognito.UserPoolIdentityProviderOidc(
                self,
                "Company",
                user_pool=self.pool,
                name=federation.name,
                issuer_url=federation.address,
                client_id=federation.client_id,
                # A reference that CloudFormation follows; the template does not hold it.
                client_secret=secret.secret_value.unsafe_unwrap(),
                scopes=["openid", "email", "profile"],
                attribute_mapping=attributes,
            )
        return cognito.UserPoolClientIdentityProvider.custom(federation.name), provider

    def _client(
        self, federation: tuple[cognito.UserPoolClientIdentityProvider, Construct | None]
    ) -> cognito.UserPoolClient:
        provider, provided = federation
        public = f"https://{self.settings.web.domain}"
        readable = cognito.ClientAttributes().with_standard_attributes(
            email=True, email_verified=True, fullname=True
        ).with_custom_attributes("employee_id")  # fmt: skip
        client = cognito.UserPoolClient(
            self,
            "Shop",
            user_pool=self.pool,
            user_pool_client_name="shop",
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                # Without aws.cognito.signin.user.admin nobody edits their own attributes with their token.
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
                callback_urls=[f"{public}{CALLBACK}"],
                logout_urls=[f"{public}{SIGNED_OUT}"],
            ),
            supported_identity_providers=[provider],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=cdk.Duration.minutes(60),
            id_token_validity=cdk.Duration.minutes(60),
            refresh_token_validity=cdk.Duration.hours(self.settings.identity.session_hours),
            read_attributes=readable,
            # What the pool requires, a client must be able to write. Nobody's token reaches it: that scope is not given.
            write_attributes=self._writable(),
        )
        # No password is ever sent to the API: people sign in on Cognito's own pages. Unsaid, some ways would stay open.
        client.node.default_child.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]
        if provided is not None:
            client.node.add_dependency(provided)
        branding = cognito.CfnManagedLoginBranding(
            self,
            "Pages",
            user_pool_id=self.pool.user_pool_id,
            client_id=client.user_pool_client_id,
            use_cognito_provided_values=True,
        )
        branding.node.add_dependency(self.domain)
        return client

    def _writable(self) -> cognito.ClientAttributes:
        standard = cognito.ClientAttributes().with_standard_attributes(fullname=True, email=True)
        # A provider's attributes are written through the client; without one, only HR says who is which employee.
        return standard.with_custom_attributes("employee_id") if self.settings.identity.federation else standard

    def _client_secret(self, key: kms.IKey | None) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            "ClientSecret",
            secret_name=f"awsomeshop/{self.settings.name}/oidc-client-secret",
            description="OIDC_CLIENT_SECRET",
            encryption_key=key,
            # Cognito tells it to CloudFormation; the template holds a reference to it.
            secret_string_value=cdk.SecretValue.resource_attribute(self.client.node.default_child.attr_client_secret),
            removal_policy=self.kept,
        )
        self.acknowledge(secret, "AwsSolutions-SMG4", "Cognito makes it; a new one is a new client.")
        return secret
