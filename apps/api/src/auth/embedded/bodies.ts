import { z } from 'zod';
import { AuthRefusal } from './auth-error.ts';
import { MAX_PASSWORD, MIN_PASSWORD } from './passwords.ts';

/** Fields that we do not know (captcha tokens, metadata, code challenges) are auth-js's business and dropped. */
export const SignUpBody = z.object({
  email: z.string().max(254).optional(),
  password: z.string().max(10_000).optional(),
});
export const PasswordGrantBody = z.object({
  email: z.string().max(254),
  password: z.string().max(10_000),
});
export const RefreshGrantBody = z.object({ refresh_token: z.string().min(1).max(200) });
export const UpdateUserBody = SignUpBody;

/** The body in its shape, or a refusal that names the field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AuthRefusal(
    'validation_failed',
    `${issue?.path.join('.') || 'body'}: ${issue?.message}`,
  );
}

/** The e-mail as it is stored: trimmed, lower case. */
export function checkedEmail(email: string): string {
  const parsed = z.email().safeParse(email.trim().toLowerCase());
  if (!parsed.success) throw new AuthRefusal('email_address_invalid');
  return parsed.data;
}

export function checkedPassword(password: string | undefined): string {
  if (password === undefined || password.length < MIN_PASSWORD)
    throw new AuthRefusal('weak_password');
  if (password.length > MAX_PASSWORD) {
    throw new AuthRefusal(
      'validation_failed',
      `A password has at most ${MAX_PASSWORD} characters.`,
    );
  }
  return password;
}
