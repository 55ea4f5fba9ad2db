import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

export interface ErrorBoundaryProps {
  /** What stands here, such as "The effect chain". */
  readonly what: string;
  readonly children: ReactNode;
  /** A change of this value tries again, such as the id of what is shown. */
  readonly resetKey?: string;
  readonly onError?: (error: unknown, info: ErrorInfo) => void;
}

interface State {
  readonly error: unknown;
  readonly resetKey: string | undefined;
}

/** Keeps a fault in one part of the page from taking the rest along. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error ?? new Error('unknown') };
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onError?.(error, info);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          title={`${this.props.what} stopped working`}
          actions={<Button onClick={() => this.setState({ error: null })}>Try again</Button>}
        >
          Your work is safe; only this part of the page has a fault. If it comes back, reload the
          page.
        </EmptyState>
      </div>
    );
  }
}
